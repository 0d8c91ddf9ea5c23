import { connect, type Socket } from "node:net";
import { answers } from "../wire/grammar.ts";
import { MessageReader } from "../wire/message-reader.ts";
import { type Field, valuesOf, type WireMessage } from "../wire/message.ts";

export interface ClientRequest {
  readonly method?: string;
  /** Default: `/`. */
  readonly target?: string;
  readonly host?: string;
  readonly fields?: readonly Field[];
  readonly body?: string;
  /** An address of this machine that it comes from, as in `127.0.0.2`. */
  readonly from?: string;
}

export interface ClientAnswer {
  readonly status: number;
  readonly fields: readonly Field[];
  /** What came of it, latin1. */
  readonly body: string;
  /** `false`: the connection ended before it did. */
  readonly isComplete: boolean;
  /** Answers of status 1xx that came before. */
  readonly interim: readonly WireMessage[];
}

const deadlineMs = 20_000;

/** One request on a connection of its own, and what becomes of it; read by this project's own reader, not by Node's parser. */
export class ClientExchange implements Disposable {
  readonly #socket: Socket;
  readonly #reader: MessageReader;
  readonly #watchers = new Set<() => void>();
  /** Bytes of everything that came. */
  received = 0;
  isClosed = false;

  constructor(port: number, { method = "GET", target = "/", host = "a.test", fields = [], body, from }: ClientRequest) {
    this.#reader = new MessageReader(answers(() => method));
    this.#socket = connect({
      port,
      host: "127.0.0.1",
      noDelay: true,
      ...(from === undefined ? {} : { localAddress: from }),
    });
    this.#socket.on("data", (bytes) => {
      this.received += bytes.length;
      this.#reader.push(bytes.toString("latin1"));
      this.#moved();
    });
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => {
      this.isClosed = true;
      this.#reader.end();
      this.#moved();
    });
    const lines = [["Host", host], ...fields, ...(body === undefined ? [] : [["Content-Length", String(body.length)]])];
    const head = `${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
    this.#socket.write(head + (body ?? ""), "latin1");
  }

  /** The answer as far as it has come; `undefined`: nothing of it has, but informational ones. */
  get answer(): ClientAnswer | undefined {
    const { messages } = this.#reader;
    const final = messages.find(({ start: [, status] }) => !/^1(?!01)/.test(status));
    if (final === undefined) return undefined;
    const { start, fields, body, isComplete } = final;
    return { status: Number(start[1]), fields, body, isComplete, interim: messages.slice(0, messages.indexOf(final)) };
  }

  /** Until the answer is whole, or the connection has ended. */
  async whole(): Promise<ClientAnswer> {
    await this.#until(() => this.isClosed || this.answer?.isComplete === true);
    this.#socket.destroy();
    if (this.answer === undefined) throw new Error("the connection was closed without an answer");
    return this.answer;
  }

  /** Until the head is there. */
  async head(): Promise<ClientAnswer> {
    await this.#until(() => this.isClosed || this.answer !== undefined);
    if (this.answer === undefined) throw new Error("the connection was closed without an answer");
    return this.answer;
  }

  async untilReceived(bytes: number): Promise<void> {
    await this.#until(() => this.isClosed || this.received >= bytes);
  }

  /** Takes nothing more for now. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** The client is gone. */
  leave(): void {
    this.#socket.resetAndDestroy();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #moved(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        settle();
      };
      const look = (): void => {
        const { fault } = this.#reader;
        if (fault !== undefined) end(() => reject(new Error(`what came is no answer: ${fault}`)));
        else if (isSo()) end(resolve);
      };
      const timer = setTimeout(
        () => end(() => reject(new Error(`no whole answer after ${deadlineMs} ms; ${this.received} bytes came`))),
        deadlineMs,
      );
      this.#watchers.add(look);
      look();
    });
  }
}

export async function ask(port: number, request: ClientRequest): Promise<ClientAnswer> {
  return new ClientExchange(port, request).whole();
}

/** Lines of one name as one value; `undefined`: there is none. */
export function valueOf(fields: readonly Field[], name: string): string | undefined {
  const values = valuesOf(fields, name);
  return values.length === 0 ? undefined : values.join(", ");
}
