import type { Grammar } from "./grammar.ts";
import { Fault, parseFields, type WireMessage } from "./message.ts";

type State = "head" | "length" | "chunk-size" | "chunk-data" | "trailers" | "close" | "opaque";

/**
 * Reads one direction of a connection, piece by piece, into messages. The last message may be incomplete. At the first byte that is
 * not well it stops for good and says why: nothing behind it can be believed.
 */
export class MessageReader {
  readonly messages: WireMessage[] = [];
  fault: string | undefined;
  readonly #grammar: Grammar;
  #buffer = "";
  #state: State = "head";
  #remaining = 0;
  #finals = 0;

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
  }

  /** Bytes that belong to no message yet. */
  get rest(): string {
    return this.#buffer;
  }

  /** Between two messages, with nothing begun. */
  get isBetween(): boolean {
    return this.fault === undefined && this.#state === "head" && this.#buffer === "";
  }

  /** In the middle of a head. */
  get isUnfinished(): boolean {
    return this.fault === undefined && this.#state === "head" && this.#buffer !== "";
  }

  push(bytes: string): this {
    this.#buffer += bytes;
    while (this.fault === undefined && this.#step());
    return this;
  }

  /** The other end sends no more. */
  end(): this {
    if (this.#state === "close" || this.#state === "opaque") this.#complete();
    return this;
  }

  /** @returns whether something was read, so that there may be more to read */
  #step(): boolean {
    switch (this.#state) {
      case "head":
        return this.#readHead();
      case "length":
        return this.#readCounted("head");
      case "chunk-data":
        return this.#readCounted("chunk-size");
      case "chunk-size":
        return this.#readChunkSize();
      case "trailers":
        return this.#readTrailers();
      case "close":
      case "opaque":
        this.#message.body += this.#buffer;
        this.#buffer = "";
        return false;
    }
  }

  get #message(): WireMessage {
    return this.messages.at(-1)!;
  }

  #readHead(): boolean {
    if (this.#buffer === "") return false;
    this.#buffer = this.#buffer.replace(this.#grammar.skipped, "");
    const end = this.#buffer.indexOf("\r\n\r\n");
    if (end === -1) return false;
    const [line = "", ...lines] = this.#buffer.slice(0, end).split("\r\n");
    const match = this.#grammar.startLine.exec(line);
    if (match === null) return this.#fail(new Fault(`start line ${JSON.stringify(line.slice(0, 100))}`));
    this.#buffer = this.#buffer.slice(end + 4);
    const start = [match[1]!, match[2]!, match[3]!] as const;
    const fields = parseFields(lines);
    if (fields instanceof Fault) return this.#fail(fields);
    const framed = this.#grammar.framing(start, fields, this.#finals);
    if (framed instanceof Fault) return this.#fail(framed);
    const { framing, length } = framed;
    this.messages.push({ start, fields, framing, body: "", trailers: [], isComplete: false });
    if (framing === "none") this.#complete();
    else this.#state = framing === "chunked" ? "chunk-size" : framing;
    this.#remaining = length;
    return true;
  }

  #readCounted(then: "head" | "chunk-size"): boolean {
    const part = this.#buffer.slice(0, this.#remaining);
    this.#buffer = this.#buffer.slice(part.length);
    this.#message.body += part;
    this.#remaining -= part.length;
    if (this.#remaining > 0) return false;
    if (then === "head") this.#complete();
    else {
      if (this.#buffer.length < 2 && "\r\n".startsWith(this.#buffer)) return false;
      if (!this.#buffer.startsWith("\r\n")) return this.#fail(new Fault("a chunk is longer than it says"));
      this.#buffer = this.#buffer.slice(2);
      this.#state = then;
    }
    return true;
  }

  #readChunkSize(): boolean {
    const line = this.#line();
    if (line === undefined) return false;
    const match = this.#grammar.chunkLine.exec(line);
    if (match === null) return this.#fail(new Fault(`chunk line ${JSON.stringify(line.slice(0, 100))}`));
    this.#remaining = Number.parseInt(match[1]!, 16);
    this.#state = this.#remaining === 0 ? "trailers" : "chunk-data";
    return true;
  }

  #readTrailers(): boolean {
    const line = this.#line();
    if (line === undefined) return false;
    if (line === "") {
      this.#complete();
      return true;
    }
    const fields = parseFields([line]);
    if (fields instanceof Fault) return this.#fail(fields);
    this.#message.trailers = [...this.#message.trailers, ...fields];
    return true;
  }

  #line(): string | undefined {
    const end = this.#buffer.indexOf("\r\n");
    if (end === -1) return undefined;
    const line = this.#buffer.slice(0, end);
    this.#buffer = this.#buffer.slice(end + 2);
    return line;
  }

  #fail({ reason }: Fault): false {
    this.fault = reason;
    return false;
  }

  #complete(): void {
    const message = this.#message;
    message.isComplete = true;
    // An answer that only announces another leaves its request unanswered.
    if (!/^1\d\d$/.test(message.start[1]) || message.framing === "opaque") this.#finals++;
    this.#state = "head";
  }
}
