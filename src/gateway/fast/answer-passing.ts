import { type AnswerHead, rewriteAnswer, rewrittenHead } from "../../http/index.ts";
import { addedLines, type AnswerPassage, rebuiltHead, trailerText } from "./answer-fields.ts";

/** Writes to the client. @returns `false`: not all is taken yet */
export type ClientWrite = (data: string | Buffer) => boolean;

/** An answer on its way to the client: its head rewritten, its body as it came, in as few pieces as can be. */
export class AnswerPassing {
  /** The client has not taken all that there is. */
  isBlocked = false;
  readonly #write: ClientWrite;
  /** The upstream's answer ends with its connection; the client's ends with the last chunk. */
  #makesChunks = false;

  constructor(write: ClientWrite) {
    this.#write = write;
  }

  begin(): void {
    this.isBlocked = this.#makesChunks = false;
  }

  text(text: string): void {
    this.#pass(text);
  }

  /** @param to where the body ends that has come along with the head */
  head(head: AnswerHead, bytes: Buffer, to: number, passage: AnswerPassage & { readonly makesChunks: boolean }): void {
    this.#makesChunks = passage.makesChunks;
    if (!head.isPlain || this.#makesChunks) {
      this.#pass(rebuiltHead(bytes, head, passage));
      this.body(bytes, head.end, to);
      return;
    }
    const added = addedLines(head, passage);
    const start = rewriteAnswer(bytes, head, added);
    if (start !== -1) return this.#pass(bytes.subarray(start, to));
    this.#pass(rewrittenHead(bytes, head, added));
    this.body(bytes, head.end, to);
  }

  body(bytes: Buffer, from: number, to: number): void {
    if (from === to) return;
    if (this.#makesChunks) this.#pass(`${(to - from).toString(16)}\r\n`);
    this.#pass(bytes.subarray(from, to));
    if (this.#makesChunks) this.#pass("\r\n");
  }

  /** @param trailers field lines with their CRLF; if there are any, what ends the body is still to be written */
  end(trailers: string): void {
    if (trailers !== "") this.#pass(trailerText(trailers));
    else if (this.#makesChunks) this.#pass("0\r\n\r\n");
  }

  #pass(data: string | Buffer): void {
    if (!this.#write(data)) this.isBlocked = true;
  }
}
