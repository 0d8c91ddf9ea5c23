import { ChunkData, type ContentCoding } from "../../http/index.ts";
import { BodyCoder, type CodedTaker } from "../compression/body-coder.ts";
import { atOnceBytes, codeAtOnce } from "../compression/pass-encoders.ts";

/** Takes the data of a body out of the bytes that an upstream sends. */
export class BodyData {
  readonly #chunks: ChunkData | undefined;

  constructor(isChunked: boolean) {
    this.#chunks = isChunked ? new ChunkData() : undefined;
  }

  /** @returns a copy: what is read next goes where these bytes are */
  read(bytes: Buffer, from: number, to: number): Buffer {
    if (this.#chunks === undefined) return Buffer.from(bytes.subarray(from, to));
    const pieces: Buffer[] = [];
    this.#chunks.read(bytes, from, to, (start, end) => pieces.push(bytes.subarray(start, end)));
    return Buffer.concat(pieces);
  }
}

/** @returns `undefined`: it is too large for that, or grows no smaller */
export function codeSmall(data: Buffer, coding: ContentCoding): Buffer | undefined {
  if (data.length > atOnceBytes) return undefined;
  const coded = codeAtOnce(data, coding);
  return coded.length < data.length ? coded : undefined;
}

/** The body of an answer on its way to a client of the fast path, coded as it comes, in chunks. */
export class CodedPassing implements CodedTaker {
  /** Written to the client, without the framing. */
  bytes = 0;
  readonly #data: BodyData;
  readonly #host: CodedPassingHost;
  readonly #coder: BodyCoder;

  constructor(coding: ContentCoding, data: BodyData, host: CodedPassingHost) {
    this.#data = data;
    this.#host = host;
    this.#coder = new BodyCoder(coding, this);
  }

  get isFull(): boolean {
    return this.#coder.isFull;
  }

  write(data: Buffer): void {
    if (data.length > 0) this.#coder.write(data);
  }

  body(bytes: Buffer, from: number, to: number): void {
    this.write(this.#data.read(bytes, from, to));
  }

  end(): void {
    this.#coder.end();
  }

  /** The client takes more. */
  resume(): void {
    this.#coder.resume();
  }

  destroy(): void {
    this.#coder.destroy();
  }

  onCoded(bytes: Buffer): boolean {
    this.bytes += bytes.length;
    return this.#host.write(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, lineEnd]));
  }

  onRoom(): void {
    this.#host.onRoom();
  }

  onCodedEnd(): void {
    this.#host.write(lastChunk);
    this.#host.onEnd();
  }

  onCodedBroken(): void {
    this.#host.onBroken();
  }
}

export interface CodedPassingHost {
  /** @returns `false`: no more until `CodedPassing.resume` */
  write(bytes: Buffer): boolean;
  /** More of the body may come. */
  onRoom(): void;
  onEnd(): void;
  onBroken(): void;
}

const lineEnd = Buffer.from("\r\n");
const lastChunk = Buffer.from("0\r\n\r\n");
