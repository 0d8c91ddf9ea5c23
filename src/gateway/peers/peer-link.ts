import { connect, type Socket } from "node:net";
import { takeLines } from "../../kernel/index.ts";
import type { PurgeOrder } from "../cache-port.ts";

/** Who has not answered by then hangs, or is ending. */
const answerWithinMs = 1_000;
const maxLineBytes = 1_024;

/** Tells another gateway process what to purge: lines of JSON, each answered by its number. */
export class PeerLink {
  readonly #path: string;
  readonly #waiting = new Map<number, () => void>();
  #socket: Socket | undefined;
  #next = 1;
  #isDoubted = false;
  /** It has not answered in time, nor anything since. */
  isSilent = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Resolves when it has; also when it is not there, or does not answer. */
  purge(orders: readonly PurgeOrder[]): Promise<void> {
    const id = this.#next++;
    const socket = (this.#socket ??= this.#connect());
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve();
      };
      const timer = setTimeout(() => {
        this.isSilent = true;
        done();
      }, answerWithinMs);
      this.#waiting.set(id, done);
      socket.write(`${JSON.stringify({ id, orders })}\n`);
    });
  }

  /** Asks it to answer, so that it is known whether it does. */
  doubt(): void {
    if (this.#isDoubted) return;
    this.#isDoubted = true;
    void this.purge([]).then(() => (this.#isDoubted = false));
  }

  close(): void {
    this.#socket?.destroy();
  }

  #connect(): Socket {
    const socket = connect(this.#path);
    socket.unref();
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (this.#socket === socket) this.#socket = undefined;
      this.isSilent = false;
      for (const done of this.#waiting.values()) done();
    });
    takeLines(socket, maxLineBytes, (line) => {
      this.isSilent = false;
      this.#waiting.get(Number(line))?.();
      return true;
    });
    return socket;
  }
}
