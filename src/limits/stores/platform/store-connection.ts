import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { takeLines } from "../../../kernel/index.ts";
import { limitStoreAway } from "../errors.ts";
import type { Link } from "../kept-connection.ts";
import { type Answer, maxLineBytes, parseAnswer, type Question } from "./message.ts";

/** To a store's server: what is asked in one turn is written at once. */
export class StoreConnection {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiter>();
  readonly #onHeard: () => void;
  #next = 1;
  #lines = "";

  private constructor(socket: Socket, onHeard: () => void) {
    this.#socket = socket;
    this.#onHeard = onHeard;
  }

  static async open(path: string, onHeard: () => void, signal: AbortSignal): Promise<Link<StoreConnection>> {
    const socket = connect(path);
    const connection = new StoreConnection(socket, onHeard);
    const lost = new Promise<string>((resolve) => {
      socket.on("error", ({ message }) => resolve(message));
      socket.on("close", () => {
        resolve("the connection was closed");
        connection.#fail(limitStoreAway(describePlatform(path), "the connection was lost"));
      });
    });
    try {
      await once(socket, "connect", { signal });
    } catch (error) {
      socket.destroy();
      throw error;
    }
    takeLines(socket, maxLineBytes, (line) => connection.#take(parseAnswer(line)));
    return { to: connection, lost, close: () => socket.destroy() };
  }

  ask(kind: "decide" | "lease", items: Question[2]): Promise<Answer> {
    const id = this.#next++;
    if (this.#lines === "") setImmediate(() => this.#flush());
    this.#lines += `${JSON.stringify([id, kind, items])}\n`;
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #flush(): void {
    this.#socket.write(this.#lines);
    this.#lines = "";
  }

  #take(answer: Answer | undefined): boolean {
    if (answer === undefined) return false;
    this.#onHeard();
    this.#waiting.get(answer[0])?.resolve(answer);
    this.#waiting.delete(answer[0]);
    return true;
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

export const describePlatform = (path: string): string => `the platform at ${path}`;

interface Waiter {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}
