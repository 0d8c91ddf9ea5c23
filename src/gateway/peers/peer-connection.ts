import { connect, type Socket } from "node:net";
import { takeLines } from "../../kernel/index.ts";
import type { PurgeOrder } from "../cache-port.ts";

/** Who has not answered by then hangs, or is ending. */
const answerWithinMs = 1_000;
const maxLineBytes = 1_024;

/** To one gateway process: lines of JSON, each answered by its number. */
export class PeerConnection {
  /** It has not answered in time, nor anything since. */
  isSilent = false;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, () => void>();
  #next = 1;

  constructor(path: string, onClosed: () => void) {
    const socket = connect(path);
    this.#socket = socket;
    socket.unref();
    socket.on("error", () => undefined);
    socket.on("close", () => {
      onClosed();
      for (const done of this.#waiting.values()) done();
    });
    takeLines(socket, maxLineBytes, (line) => {
      this.isSilent = false;
      this.#waiting.get(Number(line))?.();
      return true;
    });
  }

  /** Resolves when it has; also when it is not there, or does not answer. */
  purge(orders: readonly PurgeOrder[]): Promise<void> {
    const id = this.#next++;
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
      this.#socket.write(`${JSON.stringify({ id, orders })}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
