import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { ContentCoding } from "../http/index.ts";
import { BodyCoder, type CodedTaker } from "./compression/body-coder.ts";
import { atOnceBytes, codeAtOnce } from "./compression/pass-encoders.ts";
import { endLingering } from "./linger.ts";

/**
 * The answer on its way to the client. An answer that is all there when its head is goes out in one write; otherwise the
 * head leaves at the end of the turn, so that nobody waits for the first byte of an event stream.
 */
export class ClientAnswer implements CodedTaker {
  readonly res: ServerResponse;
  /** Body bytes, as sent. */
  bytes = 0;
  readonly #onDrain: () => void;
  #held: Buffer | undefined;
  #length = -1;
  #isEnded = false;
  #isWaiting = false;
  /** The client has not taken all that was sent. What `res` says of that is not true of the answer to an upgrade. */
  #isUntaken = false;
  #coding: ContentCoding | undefined;
  #coder: BodyCoder | undefined;
  /** Heads, status 1xx, that wait for this answer's turn. */
  #information = "";

  constructor(res: ServerResponse, onDrain: () => void) {
    this.res = res;
    this.#onDrain = onDrain;
  }

  get hasBegun(): boolean {
    return this.res.headersSent;
  }

  /** The client does not read what there is. */
  get isBlocked(): boolean {
    return this.res.writableNeedDrain || this.#coder?.isFull === true;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Before the answer itself: status 1xx. */
  inform(status: number, fields: readonly string[]): void {
    if (this.res.socket !== null) return this.res.writeInformation(status, fields as never);
    // Once a head waits for its turn too, Node would put this behind it. Of endless ones, the first are enough.
    if (this.#information.length > maxInformationLength) return;
    if (this.#information === "")
      this.res.once("socket", (socket: Socket) => socket.write(this.#information, "latin1"));
    this.#information += informationHead(status, fields);
  }

  /** The body is coded on its way. Its head, which follows, says so already. */
  code(coding: ContentCoding): void {
    this.#coding = coding;
  }

  /** @param length of the body as it comes, when it is known and there will be one; else -1 */
  begin(status: number, statusText: string, fields: string[], length: number): void {
    this.res.writeHead(status, statusText, fields as never);
    this.#length = length;
    if (begun.push(this) === 1) setImmediate(flushBegun);
  }

  /** @returns `false`: no more until `onDrain` */
  write(chunk: Buffer): boolean {
    if (chunk.length === this.#length && (this.#coding === undefined || chunk.length <= atOnceBytes)) {
      this.#held = chunk;
      return true;
    }
    return this.#pass(chunk);
  }

  end(trailers?: [string, string][]): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const held = this.#held;
    this.#held = undefined;
    // Of a coded answer they are not passed on: they may tell of its bytes.
    if (trailers !== undefined && trailers.length > 0 && this.#coding === undefined) this.res.addTrailers(trailers);
    if (this.#coder !== undefined) this.#coder.end();
    else if (held === undefined) this.res.end();
    else this.#endWith(this.#coding === undefined ? held : codeAtOnce(held, this.#coding));
  }

  /** Ends it while the client is still sending: should the connection end with this answer, the answer is not lost. */
  endLingering(): void {
    const { socket } = this.res;
    // What Node calls to end a connection after its last answer.
    if (socket !== null) socket.destroySoon = () => endLingering(socket);
    this.end();
  }

  /** Ends it, and the connection: the rest of the request will not come. */
  endForGood(): void {
    if (this.#isEnded) return;
    const { socket } = this.res;
    this.end();
    socket?.setTimeout(flushMs, () => socket.destroy());
    socket?.destroySoon();
  }

  /** There will be no more of it, and the client must not take it for whole. What was answered before still arrives. */
  breakOff(): void {
    this.#coder?.destroy();
    if (this.res.socket !== null) this.res.destroy();
    else this.res.once("socket", (socket: Socket) => setImmediate(() => socket.destroySoon()));
  }

  /** Sends what there is by now. */
  flush(): void {
    if (this.#isEnded || this.res.destroyed) return;
    if (this.#held === undefined) {
      flushHead(this.res);
      return;
    }
    const held = this.#held;
    this.#held = undefined;
    this.#pass(held);
  }

  onCoded(bytes: Buffer): boolean {
    return this.#send(bytes);
  }

  onRoom(): void {
    if (!this.#isUntaken) this.#onDrain();
  }

  onCodedEnd(): void {
    this.res.end();
  }

  onCodedBroken(): void {
    this.breakOff();
  }

  #pass(chunk: Buffer): boolean {
    if (this.#coding === undefined) return this.#send(chunk);
    const coder = (this.#coder ??= this.#createCoder(this.#coding));
    coder.write(chunk);
    return !coder.isFull;
  }

  #createCoder(coding: ContentCoding): BodyCoder {
    const coder = new BodyCoder(coding, this);
    this.res.once("close", () => coder.destroy());
    return coder;
  }

  #send(bytes: Buffer): boolean {
    this.bytes += bytes.length;
    if (this.res.write(bytes)) return true;
    this.#isUntaken = true;
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      this.res.on("drain", () => {
        this.#isUntaken = false;
        this.#coder?.resume();
        if (this.#coder?.isFull !== true) this.#onDrain();
      });
    }
    return false;
  }

  #endWith(bytes: Buffer): void {
    this.bytes += bytes.length;
    if (bytes.length < stringBytes) this.res.end(bytes.toString("latin1"), "latin1");
    else this.res.end(bytes);
  }
}

const maxInformationLength = 16_384;

function informationHead(status: number, fields: readonly string[]): string {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n`;
  for (let i = 0; i < fields.length; i += 2) text += `${fields[i]}: ${fields[i + 1]}\r\n`;
  return `${text}\r\n`;
}

/** A client that does not read the end of an answer has this long. */
const flushMs = 30_000;

/** Alone, Node writes a head as UTF-8, and two bytes for one of obs-text; along with bytes of a body, as latin1, which it is. */
function flushHead(res: ServerResponse & { _send?: (data: string, encoding: "latin1") => void }): void {
  if (typeof res._send === "function") res._send("", "latin1");
  else res.flushHeaders();
}

/** As text, a small body leaves in one buffer with the head; copying a large one costs more than a second buffer. */
const stringBytes = 4_096;

/** Begun in this turn. Most have ended by its end, and are found to need nothing. */
let begun: ClientAnswer[] = [];

function flushBegun(): void {
  const answers = begun;
  begun = [];
  for (const answer of answers) answer.flush();
}
