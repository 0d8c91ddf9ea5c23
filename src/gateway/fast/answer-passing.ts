import { type AnswerHead, type ContentCoding, type Framing, rewriteAnswer, rewrittenHead } from "../../http/index.ts";
import { addedLines, type AnswerPassage, rebuiltHead, trailerText } from "./answer-fields.ts";
import { BodyData, CodedPassing, codeSmall } from "./coded-passing.ts";

/** Whose answer it is. */
export interface AnswerPassingHost {
  /** To the client. @returns `false`: not all is taken; `AnswerPassing.onTaken` is to be told when it is */
  write(data: string | Buffer): boolean;
  /** Nothing blocks it any more; never told of the client, which the host hears of first. */
  onRoom(): void;
  /** What was still being coded has been written. */
  onEnd(): void;
  /** The rest cannot be written. */
  onBroken(): void;
}

export interface BodyPassage extends AnswerPassage {
  readonly framing: Framing;
  /** What has come along with the head is all. */
  readonly isWhole: boolean;
  /** The body is coded; `fields` say so. */
  readonly coding: ContentCoding | undefined;
}

/** An answer on its way to the client: its head rewritten, its body as it came, in as few pieces as can be; or coded. */
export class AnswerPassing {
  readonly #host: AnswerPassingHost;
  /** The client has not taken all that there is. */
  #isUntaken = false;
  /** The upstream's answer ends with its connection; the client's ends with the last chunk. */
  #makesChunks = false;
  #coded: CodedPassing | undefined = undefined;
  /** Of a body that is coded, what went to the client. */
  #codedBytes: number | undefined = undefined;

  constructor(host: AnswerPassingHost) {
    this.#host = host;
  }

  /** No more is to be read of the answer for now. */
  get isBlocked(): boolean {
    return this.#isUntaken || this.#coded?.isFull === true;
  }

  /** Of a coded body, as sent; `undefined`: it is not coded. */
  get codedBytes(): number | undefined {
    return this.#coded?.bytes ?? this.#codedBytes;
  }

  begin(): void {
    this.#isUntaken = this.#makesChunks = false;
    this.#codedBytes = undefined;
  }

  /** The client has taken all there was. */
  onTaken(): void {
    this.#isUntaken = false;
    this.#coded?.resume();
  }

  text(text: string): void {
    this.#pass(text);
  }

  /** @param to where the body ends that has come along with the head */
  head(head: AnswerHead, bytes: Buffer, to: number, passage: BodyPassage): void {
    const { framing, coding } = passage;
    if (coding !== undefined && framing !== "none") return this.#headCoded(head, bytes, to, { ...passage, coding });
    this.#makesChunks = framing === "close";
    if (!head.isPlain || this.#makesChunks || passage.fields !== undefined) {
      this.#pass(rebuiltHead(bytes, head, passage));
      this.body(bytes, head.end, to);
      return;
    }
    const added = addedLines(head, passage);
    const start = rewriteAnswer(bytes, head, added);
    if (start !== -1) return void this.#pass(bytes.subarray(start, to));
    this.#pass(rewrittenHead(bytes, head, added));
    this.body(bytes, head.end, to);
  }

  body(bytes: Buffer, from: number, to: number): void {
    if (this.#coded !== undefined) return this.#coded.body(bytes, from, to);
    if (from === to) return;
    if (this.#makesChunks) this.#pass(`${(to - from).toString(16)}\r\n`);
    this.#pass(bytes.subarray(from, to));
    if (this.#makesChunks) this.#pass("\r\n");
  }

  /**
   * @param trailers field lines with their CRLF; if there are any, what ends the body is still to be written
   * @returns `false`: the end is still to come, and `onEnd` will tell
   */
  end(trailers: string): boolean {
    // Of a coded answer trailers are not passed on: they may tell of its bytes.
    if (this.#codedBytes !== undefined) return true;
    if (this.#coded !== undefined) {
      this.#coded.end();
      return false;
    }
    if (trailers !== "") this.#pass(trailerText(trailers));
    else if (this.#makesChunks) this.#pass("0\r\n\r\n");
    return true;
  }

  /** It is over, however it ended. */
  release(): void {
    this.#coded?.destroy();
    this.#coded = undefined;
  }

  #headCoded(
    head: AnswerHead,
    bytes: Buffer,
    to: number,
    passage: BodyPassage & { readonly coding: ContentCoding },
  ): void {
    const { framing, isWhole, coding } = passage;
    const data = new BodyData(framing === "chunked");
    const first = data.read(bytes, head.end, to);
    const small = isWhole ? codeSmall(first, coding) : undefined;
    if (small !== undefined) {
      const fields = [...passage.fields!, "Content-Length", `${small.length}`];
      this.#pass(rebuiltHead(bytes, head, { ...passage, isChunked: false, fields }) + small.toString("latin1"));
      this.#codedBytes = small.length;
      return;
    }
    this.#pass(rebuiltHead(bytes, head, { ...passage, isChunked: true }));
    this.#coded = new CodedPassing(coding, data, {
      write: (piece) => this.#pass(piece),
      onRoom: () => this.#isUntaken || this.#host.onRoom(),
      onEnd: () => this.#host.onEnd(),
      onBroken: () => this.#host.onBroken(),
    });
    this.#coded.write(first);
  }

  #pass(data: string | Buffer): boolean {
    if (this.#host.write(data)) return true;
    this.#isUntaken = true;
    return false;
  }
}
