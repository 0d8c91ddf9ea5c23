import { type Kept, S3Fifo } from "../kernel/index.ts";
import { type PurgeMode, type Purgeable, Purges } from "./purges.ts";
import { variantKey } from "./vary.ts";

/** What the store asks of an answer; what else it holds is its own affair. */
export interface Storable extends Kept, Purgeable {
  sequence: number;
  /** The request fields that it was chosen by, as `readVary` has them. */
  readonly vary: readonly string[];
  /** Their values, as `variantKey` has them. */
  readonly variant: string;
  /** It was purged softly. */
  isStale: boolean;
  /** Milliseconds since the epoch: of several that fit, the newest is taken (RFC 9111 §4). */
  readonly receivedAt: number;
}

export interface Found<T> {
  readonly answer: T;
  /** It is to be taken for stale, however fresh it says it is. */
  readonly isSoftlyPurged: boolean;
}

/** Those of one URL that were chosen by the same fields. */
interface Choice<T> {
  readonly vary: readonly string[];
  readonly answers: Map<string, T>;
}

/** More ways to choose of one URL are not kept: an origin that names other fields each time would make each look a long one. */
const maxChoices = 8;

/**
 * Stored answers by URL, and under each URL by the values of the fields that its answers vary by (RFC 9111 §4.1), within a budget of
 * bytes. Most URLs have one answer that varies by nothing: then the answer stands in the index itself.
 */
export class AnswerStore<T extends Storable> {
  readonly purges = new Purges();
  readonly #urls = new Map<string, T | Choice<T>[]>();
  readonly #kept: S3Fifo<T>;
  /** Given up because there was no room. */
  evicted = 0;

  constructor(maxBytes: number) {
    this.#kept = new S3Fifo<T>(maxBytes, (answer) => {
      this.evicted++;
      this.#forget(answer);
    });
  }

  get maxBytes(): number {
    return this.#kept.maxBytes;
  }

  set maxBytes(bytes: number) {
    this.#kept.maxBytes = bytes;
  }

  get bytes(): number {
    return this.#kept.bytes;
  }

  get count(): number {
    return this.#kept.count;
  }

  /** @param raw the request's fields: name, value, name, value */
  find(url: string, raw: readonly string[]): Found<T> | undefined {
    const stored = this.#urls.get(url);
    if (stored === undefined) return undefined;
    const answer = Array.isArray(stored) ? newest(stored, raw) : stored;
    if (answer === undefined) return undefined;
    const verdict = this.purges.verdict(answer);
    if (verdict === "hard") {
      this.remove(answer);
      return undefined;
    }
    // What was purged so far is not this one: the next to find it need not look again.
    if (verdict === undefined) answer.sequence = this.purges.sequence;
    this.#kept.touch(answer);
    return { answer, isSoftlyPurged: answer.isStale || verdict === "soft" };
  }

  /** Takes the place of what was there for the same request. What was purged while it was on its way is not stored. */
  put(answer: T): void {
    const verdict = this.purges.verdictOnArrival(answer);
    if (verdict === "hard") return this.release(answer);
    if (verdict === "soft") answer.isStale = true;
    const before = this.#at(answer);
    if (before !== undefined) this.remove(before);
    this.#index(answer);
    this.#kept.add(answer);
  }

  /** Some answer to it is stored. */
  has(url: string): boolean {
    return this.#urls.has(url);
  }

  /** The fields that answers to this URL are chosen by, as far as is known. */
  varyOf(url: string): readonly string[] {
    const stored = this.#urls.get(url);
    return stored === undefined ? [] : Array.isArray(stored) ? stored.at(-1)!.vary : stored.vary;
  }

  /** It will not be stored. */
  release({ tags }: Pick<T, "tags">): void {
    for (const tag of tags) this.purges.release(tag);
  }

  /** It takes more memory than when it was stored; one that is not stored any more does not matter. */
  resize(answer: T, bytes: number): void {
    this.#kept.resize(answer, bytes);
  }

  remove(answer: T): void {
    if (answer.queue === undefined) return;
    this.#kept.remove(answer);
    this.#forget(answer);
  }

  /**
   * Lets go of what was purged, in steps of so many URLs, and then of the purges themselves.
   *
   * @param settled all that was asked for before this, of the purges' sequence, has come: a purge that something on its way must still meet
   * is not forgotten
   */
  *sweep(settled: number, perStep = 1_000): Generator<void, void> {
    const upTo = Math.min(settled, this.purges.sequence);
    let looked = 0;
    for (const stored of this.#urls.values()) {
      for (const answer of Array.isArray(stored) ? answersOf(stored) : [stored]) {
        const verdict = this.purges.verdict(answer);
        if (verdict === "hard") this.remove(answer);
        else if (verdict === "soft") answer.isStale = true;
      }
      if (++looked % perStep === 0) yield;
    }
    this.purges.settle(upTo);
    this.purges.forget(upTo);
  }

  /** @returns how many answers it concerns */
  purgeUrl(url: string, mode: PurgeMode): number {
    this.purges.purgeUrl(url, mode);
    const stored = this.#urls.get(url);
    const answers = stored === undefined ? [] : Array.isArray(stored) ? [...answersOf(stored)] : [stored];
    for (const answer of answers) {
      if (mode === "hard") this.remove(answer);
      else answer.isStale = true;
    }
    return answers.length;
  }

  #at({ url, vary, variant }: T): T | undefined {
    const stored = this.#urls.get(url);
    if (stored === undefined) return undefined;
    if (Array.isArray(stored)) return choiceOf(stored, vary)?.answers.get(variant);
    return vary.length === 0 ? stored : undefined;
  }

  #index(answer: T): void {
    const { url, vary, variant } = answer;
    const stored = this.#urls.get(url);
    if (stored === undefined && vary.length === 0) return void this.#urls.set(url, answer);
    const choices = Array.isArray(stored) ? stored : stored === undefined ? [] : [choiceWith(stored)];
    this.#urls.set(url, choices);
    const choice = choiceOf(choices, vary);
    if (choice !== undefined) return void choice.answers.set(variant, answer);
    choices.push(choiceWith(answer));
    if (choices.length > maxChoices) for (const each of choices[0]!.answers.values()) this.remove(each);
  }

  #forget(answer: T): void {
    this.release(answer);
    const { url, vary, variant } = answer;
    const stored = this.#urls.get(url);
    if (stored === answer) return void this.#urls.delete(url);
    if (!Array.isArray(stored)) return;
    const choice = choiceOf(stored, vary);
    if (choice?.answers.get(variant) !== answer) return;
    choice.answers.delete(variant);
    if (choice.answers.size > 0) return;
    stored.splice(stored.indexOf(choice), 1);
    if (stored.length === 0) this.#urls.delete(url);
  }
}

function choiceWith<T extends Storable>(answer: T): Choice<T> {
  return { vary: answer.vary, answers: new Map([[answer.variant, answer]]) };
}

function choiceOf<T>(choices: readonly Choice<T>[], vary: readonly string[]): Choice<T> | undefined {
  return choices.find(
    (choice) => choice.vary.length === vary.length && choice.vary.every((name, i) => name === vary[i]),
  );
}

function* answersOf<T>(choices: readonly Choice<T>[]): Generator<T> {
  for (const { answers } of choices) yield* answers.values();
}

function newest<T extends Storable>(choices: readonly Choice<T>[], raw: readonly string[]): T | undefined {
  let found: T | undefined;
  for (const { vary, answers } of choices) {
    const answer = answers.get(variantKey(vary, raw));
    if (answer !== undefined && (found === undefined || answer.receivedAt > found.receivedAt)) found = answer;
  }
  return found;
}
