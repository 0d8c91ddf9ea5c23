import type { PurgeOrder } from "../cache-port.ts";
import { hash32 } from "../balancing/hash.ts";
import { type Circumstances, Service } from "../service.ts";
import { PeerLink } from "./peer-link.ts";

/** The gateway processes of this machine, and which of them this is. */
export interface PeerPaths {
  /** The unix sockets at which they answer each other. */
  readonly paths: readonly string[];
  readonly self: number;
}

/** Where purges are told, beside where requests are answered. */
export function purgePath(path: string): string {
  return `${path}p`;
}

/**
 * The other gateway processes of this machine. Of each URL one process, its owner, asks the service; the others ask the owner, by HTTP, and
 * keep what they were given. What one has purged, all have purged before anybody is told.
 */
export class Peers {
  readonly #self: number;
  readonly #owners: readonly Service[];
  readonly #links: readonly PeerLink[];

  constructor({ paths, self }: PeerPaths, circumstances: Circumstances) {
    this.#self = self;
    this.#owners = paths.map((path, index) => ownerAt(path, index, circumstances));
    this.#links = paths.filter((_, index) => index !== self).map((path) => new PeerLink(purgePath(path)));
  }

  /** @returns whom to ask instead of the service; `undefined`: nobody, this process is the owner */
  ownerOf(key: string): Service | undefined {
    const owner = hash32(key) % this.#owners.length;
    return owner === this.#self ? undefined : this.#owners[owner];
  }

  /**
   * Resolves when all of them have done so, or are not there, or the time is over: one that hangs answers no requests either.
   *
   * In two rounds: during the first, a process may take an old answer from an owner that has not been told yet.
   */
  async purge(orders: readonly PurgeOrder[], own: () => void): Promise<void> {
    for (let round = 0; round < 2; round++) {
      await Promise.all(this.#links.map((link) => link.purge(orders)));
      own();
    }
  }

  async stop(): Promise<void> {
    for (const link of this.#links) link.close();
    await Promise.all(this.#owners.flatMap(({ upstreams }) => upstreams.map((upstream) => upstream.destroy())));
  }
}

/** An owner as a service with one upstream. When it does not answer, the service itself is asked: it is tried once. */
function ownerAt(socketPath: string, index: number, circumstances: Circumstances): Service {
  const id = `gateway-${index + 1}`;
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
