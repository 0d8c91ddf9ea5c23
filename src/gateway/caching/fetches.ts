import type { FetchedFill } from "../cache-port.ts";
import type { Peers } from "../peers/peers.ts";
import type { RequestTerms } from "../overload/service-overload.ts";
import type { Service } from "../service.ts";
import { Fetch, type FetchHost, type InformationTaker } from "./fetch.ts";
import type { FetchOrder } from "./fetch-order.ts";

/** What is being fetched for the cache. */
export class Fetches {
  readonly #host: FetchHost;
  readonly #peers: Peers | undefined;
  readonly #underWay = new Set<Fetch>();

  constructor(host: FetchHost, peers: Peers | undefined) {
    this.#host = host;
    this.#peers = peers;
  }

  start(fill: FetchedFill, fetched: Fetched, inform: InformationTaker | undefined): void {
    const fetch = new Fetch(fill, fetched, { host: this.#host, inform, onOver: () => this.#underWay.delete(fetch) });
    this.#underWay.add(fetch);
    // Another process asks because this one is the owner, or has no other to ask.
    fetch.start(fetched.isFellow ? undefined : this.#peers?.ownerOf(fill.key));
  }

  [Symbol.iterator](): Iterator<Fetch> {
    return this.#underWay.values();
  }

  stop(): void {
    for (const fetch of this.#underWay) fetch.abandon();
  }
}

/** What is asked for, and of whom. */
export interface Fetched {
  readonly order: FetchOrder;
  readonly service: Service;
  readonly terms: RequestTerms;
  /** On behalf of another gateway process. */
  readonly isFellow: boolean;
}
