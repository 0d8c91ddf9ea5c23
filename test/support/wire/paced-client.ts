import { connect, type Socket } from "node:net";

/** A client that sends bytes as they are, when it is told to, and writes down what comes back. */
export class PacedClient {
  /** latin1. */
  received = "";
  /** The other end has closed its half, or the connection is broken. */
  isClosed = false;
  /** Counts everything that moves. */
  movements = 0;
  readonly #socket: Socket;

  constructor(port: number) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    this.#socket.on("connect", () => this.movements++);
    this.#socket.on("data", (bytes) => {
      this.movements++;
      this.received += bytes.toString("latin1");
    });
    this.#socket.on("error", () => this.#onClosed());
    this.#socket.on("end", () => this.#onClosed());
    this.#socket.on("close", () => this.#onClosed());
  }

  get isConnecting(): boolean {
    return this.#socket.connecting;
  }

  send(bytes: string): void {
    if (!this.isClosed && bytes !== "") this.#socket.write(bytes, "latin1", () => this.movements++);
  }

  /** Closes its own half, in order. */
  end(): void {
    if (!this.isClosed) this.#socket.end();
  }

  /** Breaks the connection off. Nothing is left of it in the kernel, where many closed connections would wait for a minute. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  #onClosed(): void {
    this.movements++;
    this.isClosed = true;
  }
}
