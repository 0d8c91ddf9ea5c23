/**
 * What is known of each text that was seen. A text is parsed once; until that is done, which takes a turn of the event loop or, for functions that nobody
 * has called yet, a question to the server, it counts as unsure.
 *
 * Texts with values in them are never seen twice, and there may be any number of them: S3-FIFO keeps those that come again.
 */
import { type Clock, type Kept, notKept, S3Fifo, systemClock } from "../../kernel/index.ts";
import { type AskHarmless, FunctionBook } from "./function-book.ts";
import { parseText } from "./parse.ts";
import { type StatementTraits, unsure, write } from "./traits.ts";

export interface BookOptions {
  /** Characters of all texts that are remembered together. */
  readonly maxCharacters: number;
  /** Texts that are looked at at the same time; more are unsure this time. */
  readonly maxLearning: number;
}

export const bookDefaults: BookOptions = { maxCharacters: 4_000_000, maxLearning: 64 };

interface Entry extends Kept {
  traits: StatementTraits;
  /** It calls functions, and what they are may change; else Infinity. */
  trustedUntil: number;
}

const overheadCharacters = 200;
/** One of its functions may have become volatile. */
const trustedMs = 300_000;

export class StatementBook {
  readonly #options: BookOptions;
  readonly #clock: Clock;
  readonly #functions: FunctionBook;
  readonly #entries = new Map<string, Entry>();
  readonly #kept: S3Fifo<Entry>;
  readonly #learning = new Map<string, Promise<StatementTraits>>();

  constructor(options: Partial<BookOptions> = {}, clock: Clock = systemClock) {
    this.#options = { ...bookDefaults, ...options };
    this.#clock = clock;
    this.#functions = new FunctionBook(clock);
    this.#kept = new S3Fifo<Entry>(this.#options.maxCharacters, ({ key }) => this.#entries.delete(key));
  }

  /** @returns `undefined`: not known yet */
  find(text: string): StatementTraits | undefined {
    const entry = this.#entries.get(text);
    if (entry === undefined) return undefined;
    if (entry.trustedUntil !== Infinity && this.#clock.monotonic() > entry.trustedUntil) return undefined;
    this.#kept.touch(entry);
    return entry.traits;
  }

  /** Never rejects: what cannot be found out now is unsure, and looked at again the next time. */
  learn(text: string, ask: AskHarmless): Promise<StatementTraits> {
    const known = this.#learning.get(text);
    if (known !== undefined) return known;
    if (this.#learning.size >= this.#options.maxLearning) return Promise.resolve(unsure);
    const learning = this.#learn(text, ask).finally(() => this.#learning.delete(text));
    this.#learning.set(text, learning);
    return learning;
  }

  /** A standby would not run it: it is a write, whatever it looks like. */
  correct(text: string): void {
    this.#remember(text, write);
  }

  async #learn(text: string, ask: AskHarmless): Promise<StatementTraits> {
    try {
      const parsed = await parseText(text);
      const { traits, functions } = parsed;
      if (functions.length === 0 || traits.access === "write") return this.#remember(text, traits);
      const isRead = await this.#functions.areHarmless(functions, ask);
      return this.#remember(text, isRead ? traits : write, this.#clock.monotonic() + trustedMs);
    } catch {
      return unsure;
    }
  }

  #remember(text: string, traits: StatementTraits, trustedUntil = Infinity): StatementTraits {
    const known = this.#entries.get(text);
    if (known !== undefined) {
      Object.assign(known, { traits, trustedUntil });
      return traits;
    }
    const entry: Entry = { ...notKept, key: text, bytes: text.length + overheadCharacters, traits, trustedUntil };
    this.#entries.set(text, entry);
    this.#kept.add(entry);
    return traits;
  }
}
