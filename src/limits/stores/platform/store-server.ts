import { createServer, type Server, type Socket } from "node:net";
import { listenPrivately, messageOf, type Runnable, takeLines } from "../../../kernel/index.ts";
import type { LimitStore } from "../../store.ts";
import {
  type Answer,
  maxLineBytes,
  packLeases,
  packVerdict,
  parseQuestion,
  type Question,
  unpackDraw,
  unpackOrder,
} from "./message.ts";

/** Lets the gateway processes of this machine count in one store, at a unix socket. The store is its owner's, and is not stopped with it. */
export class LimitStoreServer implements Runnable {
  readonly #store: LimitStore;
  readonly #path: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(store: LimitStore, path: string) {
    this.#store = store;
    this.#path = path;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async start(): Promise<void> {
    await listenPrivately(this.#server, this.#path);
    this.#server.unref();
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.unref();
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
    const send = sender(socket);
    takeLines(socket, maxLineBytes, (line) => {
      const question = parseQuestion(line);
      if (question === undefined) return false;
      const answer = this.#answer(question);
      if (answer instanceof Promise) void answer.then(send);
      else send(answer);
      return true;
    });
  }

  #answer(question: Question): Answer | Promise<Answer> {
    const id = question[0];
    const failed = (error: unknown): Answer => [id, "failed", messageOf(error)];
    try {
      if (question[1] === "decide") {
        const verdict = this.#store.decide(question[2].map(unpackDraw));
        if (!(verdict instanceof Promise)) return packVerdict(id, verdict);
        return verdict.then((each) => packVerdict(id, each), failed);
      }
      const leases = this.#store.lease(question[2].map(unpackOrder));
      if (!(leases instanceof Promise)) return packLeases(id, leases);
      return leases.then((each) => packLeases(id, each), failed);
    } catch (error) {
      return failed(error);
    }
  }
}

/** Who does not read what he asks for is cut off. */
const maxUnreadBytes = 8 * 1024 * 1024;

/** What is answered in one turn is written at once. */
function sender(socket: Socket): (answer: Answer) => void {
  let lines = "";
  return (answer) => {
    if (lines === "") process.nextTick(flush);
    lines += `${JSON.stringify(answer)}\n`;
  };
  function flush(): void {
    socket.write(lines);
    lines = "";
    if (socket.writableLength > maxUnreadBytes) socket.destroy();
  }
}
