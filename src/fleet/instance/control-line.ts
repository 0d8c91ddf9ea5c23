import { connect, type Socket } from "node:net";
import type { InstanceMessage } from "./protocol.ts";

const reconnectMs = 1000;

/**
 * Says what there is to say to the fleet, if it listens. A platform that was restarted finds the same path again, so a lost line is
 * tried anew, and begins with the same greeting. Never keeps the process alive, never holds back more than one message.
 */
export class ControlLine {
  readonly #path: string;
  readonly #greeting: readonly InstanceMessage[];
  #socket: Socket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(path: string, greeting: readonly InstanceMessage[]) {
    this.#path = path;
    this.#greeting = greeting;
  }

  start(): void {
    const socket = connect(this.#path);
    this.#socket = socket;
    socket.unref();
    socket.once("connect", () => {
      for (const message of this.#greeting) write(socket, message);
      if (this.#isStopped) socket.end();
    });
    socket.on("error", () => {});
    socket.once("close", () => {
      if (!this.#isStopped) this.#retry = setTimeout(() => this.start(), reconnectMs).unref();
    });
    socket.resume(); // The fleet answers nothing; if it does, that goes nowhere.
  }

  /** For what may be lost. A fleet that has not read the last message by now is gone: a write that waits would keep the process alive. */
  tell(message: InstanceMessage): void {
    const socket = this.#socket;
    if (socket === undefined || socket.connecting || socket.destroyed) return;
    if (socket.writableLength > 0) socket.destroy();
    else write(socket, message);
  }

  stop(last: InstanceMessage): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    if (this.#socket?.connecting === false && !this.#socket.destroyed) {
      write(this.#socket, last);
      this.#socket.end();
    }
  }
}

function write(socket: Socket, message: InstanceMessage): void {
  socket.write(`${JSON.stringify(message)}\n`);
}
