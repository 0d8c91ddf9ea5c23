import type { LogLine } from "./log-line.ts";

/** A line, and its place among the lines of all instances. */
export interface NumberedLine {
  readonly number: number;
  readonly line: LogLine;
}

/** The last lines of one instance, bounded in number and in text. */
export class LogRing {
  readonly #maxLines: number;
  readonly #maxBytes: number;
  #lines: NumberedLine[] = [];
  #first = 0;
  #bytes = 0;

  constructor(maxLines: number, maxBytes: number) {
    this.#maxLines = maxLines;
    this.#maxBytes = maxBytes;
  }

  push(numbered: NumberedLine): void {
    this.#lines.push(numbered);
    this.#bytes += numbered.line.text.length;
    while (this.#lines.length - this.#first > this.#maxLines || this.#bytes > this.#maxBytes) {
      this.#bytes -= this.#lines[this.#first++]!.line.text.length;
    }
    // The dropped ones are let go in one go: moving the rest for each would make a noisy instance expensive.
    if (this.#first > this.#maxLines) {
      this.#lines = this.#lines.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Oldest first. */
  last(count: number): NumberedLine[] {
    return count <= 0 ? [] : this.#lines.slice(Math.max(this.#first, this.#lines.length - count));
  }
}
