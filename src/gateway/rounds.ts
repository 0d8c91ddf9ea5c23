/**
 * Looks at all that is in a set, round after round, a part at a time: to look at ten thousand idle connections at once would hold up the
 * requests that come in that moment. What comes during a round is seen in the next.
 */
export class Rounds<T> {
  readonly #all: ReadonlySet<T>;
  readonly #parts: number;
  #rest: Iterator<T>;
  /** Of this round. */
  #left = 0;
  #perPart = 0;

  /** @param parts of a round */
  constructor(all: ReadonlySet<T>, parts: number) {
    this.#all = all;
    this.#parts = parts;
    this.#rest = all.values();
  }

  /** The next part. */
  visit(look: (item: T) => void): void {
    if (this.#left === 0) {
      this.#rest = this.#all.values();
      this.#left = this.#all.size;
      this.#perPart = Math.ceil(this.#left / this.#parts);
    }
    for (let i = 0; i < this.#perPart && this.#left > 0; i++) {
      const { value, done } = this.#rest.next();
      if (done === true) {
        this.#left = 0;
        return;
      }
      this.#left--;
      look(value);
    }
  }
}
