import type { Socket } from "node:net";

/** Writes to a client, and says when he has taken it. */
export class ClientWriter {
  readonly #socket: Socket;
  readonly #onTaken: () => void;

  /** @param onTaken what was written is taken, after one of the methods has said that it was not */
  constructor(socket: Socket, onTaken: () => void) {
    this.#socket = socket;
    // Of a connection that is broken off, Node says so too; what waits behind the answer must not be served then.
    this.#onTaken = () => void (socket.destroyed || onTaken());
  }

  /** @returns whether all is taken */
  write(data: string | Buffer): boolean {
    if (typeof data === "string") this.#socket.write(data, "latin1");
    else this.#socket.write(data);
    return this.#isTaken();
  }

  /** At once. */
  writeBoth(head: string, body: Buffer): boolean {
    const socket = this.#socket;
    socket.cork();
    socket.write(head, "latin1");
    socket.write(body);
    socket.uncork();
    return this.#isTaken();
  }

  #isTaken(): boolean {
    if (this.#socket.writableLength === 0) return true;
    this.#socket.write(nothing, this.#onTaken);
    return false;
  }
}

const nothing = Buffer.alloc(0);
