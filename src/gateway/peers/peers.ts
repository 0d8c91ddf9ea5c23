import type { PurgeOrder } from "../cache-port.ts";
import { hash32 } from "../balancing/hash.ts";
import type { Circumstances } from "../service.ts";
import { Owner } from "./owner.ts";
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
  readonly #owners: readonly Owner[];
  readonly #others: readonly PeerLink[];
  /** To the successor of this process, once there is one. */
  readonly #successor: PeerLink;
  /** Another process has taken this one's place. */
  isSucceeded = (): boolean => false;

  constructor({ paths, self }: PeerPaths, circumstances: Circumstances) {
    this.#self = self;
    const links = paths.map((path) => new PeerLink(purgePath(path)));
    this.#owners = paths.map((path, index) => new Owner(index, path, links[index]!, circumstances));
    this.#others = links.toSpliced(self, 1);
    this.#successor = links[self]!;
  }

  /** There is nobody to be told. */
  get isAlone(): boolean {
    return this.#others.length === 0 && !this.isSucceeded();
  }

  /** @returns whom to ask instead of the service; `undefined`: nobody, this process is the owner, or the owner hangs */
  ownerOf(key: string): Owner | undefined {
    const index = hash32(key) % this.#owners.length;
    const owner = this.#owners[index]!;
    return index === this.#self || owner.isSilent ? undefined : owner;
  }

  /**
   * Resolves when all of them have done so, or are not there, or the time is over: one that hangs answers no requests either.
   *
   * In two rounds: during the first, a process may take an old answer from an owner that has not been told yet.
   */
  async purge(orders: readonly PurgeOrder[], own: () => void): Promise<void> {
    for (let round = 0; round < 2; round++) {
      const links = this.isSucceeded() ? [...this.#others, this.#successor] : this.#others;
      await Promise.all(links.map((link) => link.purge(orders)));
      own();
    }
  }

  async stop(): Promise<void> {
    for (const link of [...this.#others, this.#successor]) link.close();
    await Promise.all(
      this.#owners.flatMap(({ service: { upstreams } }) => upstreams.map((upstream) => upstream.destroy())),
    );
  }
}
