import { closeSync } from "node:fs";
import type { OpenSocket } from "./launch.ts";

/**
 * Listening sockets that the predecessor has handed on and no listener uses yet. Connections may wait in them: a successor is given its
 * public listener only when the services behind it are ready, and until then the predecessor accepts.
 */
export class InheritedSockets {
  #unused: readonly OpenSocket[];

  constructor(sockets: readonly OpenSocket[] = []) {
    this.#unused = sockets;
  }

  get unused(): readonly OpenSocket[] {
    return this.#unused;
  }

  /** The descriptor of the socket that listens there; it is the caller's now. What is served there is no matter of the socket. */
  take(address: { readonly host: string; readonly port: number }): number | undefined {
    const found = this.#unused.find(({ host, port }) => host === address.host && port === address.port);
    if (found !== undefined) this.#unused = this.#unused.filter((socket) => socket !== found);
    return found?.fd;
  }

  closeUnused(): void {
    for (const { fd } of this.#unused) closeSync(fd);
    this.#unused = [];
  }
}
