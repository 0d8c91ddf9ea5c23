import { createServer, type Server, type Socket } from "node:net";
import { listenPrivately, maxSocketPathBytes, type Runnable, takeLines } from "../kernel/index.ts";
import { socketPathTooLong } from "./errors.ts";
import { parseInstanceMessage } from "./instance-message.ts";
import type { ClosedMessage, FiguresMessage, ListeningMessage } from "./instance/protocol.ts";

const maxLineBytes = 16 * 1024;
const helloMs = 10_000;
const maxConnections = 4_096;

/** Takes the reports of one process. */
export type Report = (message: ListeningMessage | ClosedMessage | FiguresMessage) => void;

/** Who may report as this instance: `undefined` when the process is none of its own. */
export type Admit = (instance: string, pid: number) => Report | undefined;

/**
 * Where instances report: a unix socket that takes lines of JSON and answers nothing. A connection begins with `hello`; one
 * that does not, says what is no message, or sends a line without end is closed. The instance is reached by its port then, and has no figures.
 */
export class InstanceChannel implements Runnable {
  readonly #path: string;
  readonly #admit: Admit;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(path: string, admit: Admit) {
    this.#path = path;
    this.#admit = admit;
  }

  async start(): Promise<void> {
    if (Buffer.byteLength(this.#path) > maxSocketPathBytes) throw socketPathTooLong(this.#path, maxSocketPathBytes);
    const server = createServer((socket) => this.#serve(socket));
    server.maxConnections = maxConnections;
    this.#server = server;
    await listenPrivately(server, this.#path);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    for (const socket of this.#sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const tooLate = setTimeout(() => socket.destroy(), helloMs);
    let report: Report | undefined;
    const take = (line: string): boolean => {
      const message = parseInstanceMessage(line);
      if (message === undefined) return false;
      if (report !== undefined) {
        if (message.type !== "hello") report(message);
        return message.type !== "hello";
      }
      if (message.type !== "hello") return false;
      clearTimeout(tooLate);
      report = this.#admit(message.instance, message.pid);
      return report !== undefined;
    };
    socket.on("error", () => {});
    socket.on("close", () => {
      report?.({ type: "closed" }); // Who has died cannot say so, and who comes again says again where it listens.
      clearTimeout(tooLate);
      this.#sockets.delete(socket);
    });
    takeLines(socket, maxLineBytes, take);
  }
}
