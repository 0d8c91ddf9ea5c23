import type { CacheFill } from "../cache-port.ts";
import type { Service } from "../service.ts";
import { Fetch, type FetchHost, type InformationTaker } from "./fetch.ts";
import type { FetchOrder } from "./fetch-order.ts";

/** What is being fetched for the cache. */
export class Fetches {
  readonly #host: FetchHost;
  readonly #underWay = new Set<Fetch>();

  constructor(host: FetchHost) {
    this.#host = host;
  }

  start(fill: CacheFill, { order, service }: Fetched, inform: InformationTaker | undefined): void {
    const fetch = new Fetch(fill, order, { host: this.#host, inform, onOver: () => this.#underWay.delete(fetch) });
    this.#underWay.add(fetch);
    fetch.start(service);
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
}
