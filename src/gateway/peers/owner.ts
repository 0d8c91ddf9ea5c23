import { type Circumstances, Service } from "../service.ts";
import type { PeerLink } from "./peer-link.ts";

/** Another gateway process, where it is asked for what it is the owner of. */
export class Owner {
  /** As a service with one upstream. When it does not answer, the service itself is asked: it is tried once. */
  readonly service: Service;
  readonly #link: PeerLink;

  constructor(index: number, socketPath: string, link: PeerLink, circumstances: Circumstances) {
    this.service = serviceAt(socketPath, `gateway-${index + 1}`, circumstances);
    this.#link = link;
  }

  /** It hangs: whoever waits for it waits in vain. */
  get isSilent(): boolean {
    return this.#link.isSilent;
  }

  /** It has not answered for a while: it, or the service that it asks. Soon, `isSilent` is known. */
  doubt(): void {
    this.#link.doubt();
  }
}

function serviceAt(socketPath: string, id: string, circumstances: Circumstances): Service {
  const upstream = { id, origin: "http://gateway", socketPath, weight: 1, healthy: true, readyAt: 0 } as const;
  const snapshot = {
    routes: [],
    balance: { algorithm: "least-connections" },
    split: {},
    retries: false,
    timeouts: { connectMs: 1_000, responseMs: 60_000, idleMs: 60_000, totalMs: 0 },
    circuit: { maxRequests: 65_536, maxPending: 65_536 },
    cache: false,
    upstreams: [{ ...upstream, state: "ready" }],
  } as const;
  return new Service(id, snapshot, circumstances);
}
