import { statSync } from "node:fs";
import type { PurgeOrder } from "../cache-port.ts";
import { PeerConnection } from "./peer-connection.ts";

/**
 * Tells the gateway process in another place what to purge. While one is succeeded there are two in that place: the name leads to the
 * successor, and the one before it is told for as long as it lives.
 */
export class PeerLink {
  readonly #path: string;
  /** By the socket that the name led to. */
  readonly #connections = new Map<number, PeerConnection>();
  #isDoubted = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** It has not answered in time, nor anything since. */
  get isSilent(): boolean {
    return this.#connections.get(inodeAt(this.#path))?.isSilent === true;
  }

  /** Resolves when it has; also when it is not there, or does not answer. */
  async purge(orders: readonly PurgeOrder[]): Promise<void> {
    const inode = inodeAt(this.#path);
    if (inode !== nobody && !this.#connections.has(inode)) {
      const connection = new PeerConnection(this.#path, () => this.#connections.delete(inode));
      this.#connections.set(inode, connection);
    }
    await Promise.all([...this.#connections.values()].map((connection) => connection.purge(orders)));
  }

  /** Asks it to answer, so that it is known whether it does. */
  doubt(): void {
    if (this.#isDoubted) return;
    this.#isDoubted = true;
    void this.purge([]).then(() => (this.#isDoubted = false));
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close();
  }
}

const nobody = 0;

/** Of the socket that a name leads to. */
export function inodeAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? nobody;
}
