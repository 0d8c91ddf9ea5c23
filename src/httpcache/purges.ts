/** `hard`: as if it had never been stored. `soft`: stale from now on, to be validated or to stand in for a failing origin. */
export type PurgeMode = "hard" | "soft";

/** A name by which answers are purged. One object for all answers that carry it. */
export interface Tag {
  readonly name: string;
  /** A list of it alone, for all answers that carry no other. */
  readonly alone: readonly Tag[];
  /** Answers that carry it, stored or on their way. */
  count: number;
  /** The last purge of each mode, as the sequence has it; 0: none. */
  hard: number;
  soft: number;
}

/** What a purge can meet. */
export interface Purgeable {
  readonly url: string;
  readonly tags: readonly Tag[];
  /** Of the moment at which it was asked for: what was purged since then must not come back with it. */
  readonly sequence: number;
}

interface Pattern extends Pick<Tag, "hard" | "soft"> {
  readonly matches: (url: string) => boolean;
}

/**
 * What has been purged, in order. An answer is not looked for to be purged: whoever finds it compares numbers, so that a purge of a
 * hundred thousand takes no longer than one of one, and an answer that was already on its way when its tag was purged is caught
 * as well.
 *
 * Each purge takes the next number of one sequence. An answer has the number of when it was asked for; a purge with a higher one concerns it.
 */
export class Purges {
  #sequence = 0;
  #lastOfTags = 0;
  readonly #tags = new Map<string, Tag>();
  /** Those whose purge something may still have to meet. */
  readonly #purgedTags = new Set<Tag>();
  readonly #everything: Pick<Tag, "hard" | "soft"> = { hard: 0, soft: 0 };
  /** Of all URLs of a kind; in force until what they concern has been swept away. */
  readonly #byPattern = new Map<string, Pattern>();
  /** Of one URL, oldest first. They concern what is on its way: what is stored is found by its URL. */
  readonly #byUrl = new Map<string, Pick<Tag, "hard" | "soft">>();

  get sequence(): number {
    return this.#sequence;
  }

  /** For an answer that carries it, from when that is known until it is `release`d: another object of this name would miss a purge. */
  hold(name: string): Tag {
    const tag = this.#tag(name);
    tag.count++;
    return tag;
  }

  /** The same list for all answers that carry one and the same. */
  holdAll(names: readonly string[]): readonly Tag[] {
    const tags = names.map((name) => this.hold(name));
    return tags.length === 1 ? tags[0]!.alone : tags;
  }

  #tag(name: string): Tag {
    let tag = this.#tags.get(name);
    if (tag === undefined) {
      const alone: Tag[] = [];
      tag = { name, alone, count: 0, hard: 0, soft: 0 };
      alone.push(tag);
      this.#tags.set(name, tag);
    }
    return tag;
  }

  release(tag: Tag): void {
    tag.count--;
    if (tag.count === 0 && !this.#purgedTags.has(tag)) this.#tags.delete(tag.name);
  }

  /** @returns how many answers carry it */
  purgeTag(name: string, mode: PurgeMode): number {
    const tag = this.#tag(name);
    tag[mode] = this.#lastOfTags = ++this.#sequence;
    this.#purgedTags.add(tag);
    return tag.count;
  }

  purgeUrl(url: string, mode: PurgeMode): void {
    const before = this.#byUrl.get(url);
    this.#byUrl.delete(url);
    this.#byUrl.set(url, { hard: 0, soft: 0, ...before, [mode]: ++this.#sequence });
  }

  purgePrefix(prefix: string, mode: PurgeMode): void {
    this.purgeMatching(`prefix ${prefix}`, (url) => url.startsWith(prefix), mode);
  }

  /** @param name the same for what matches the same */
  purgeMatching(name: string, matches: (url: string) => boolean, mode: PurgeMode): void {
    const before = this.#byPattern.get(name);
    this.#byPattern.set(name, { hard: 0, soft: 0, ...before, matches, [mode]: ++this.#sequence });
  }

  purgeAll(mode: PurgeMode): void {
    this.#everything[mode] = ++this.#sequence;
  }

  /** On an answer that is stored: the strictest purge that concerns it. */
  verdict(answer: Purgeable): PurgeMode | undefined {
    const { sequence } = answer;
    if (this.#sequence === sequence) return undefined;
    if (this.#last(answer, "hard") > sequence) return "hard";
    return this.#last(answer, "soft") > sequence ? "soft" : undefined;
  }

  /** On one that has just come. */
  verdictOnArrival(answer: Purgeable): PurgeMode | undefined {
    const purge = this.#byUrl.get(answer.url);
    const verdict = this.verdict(answer);
    if (purge === undefined || verdict === "hard") return verdict;
    if (purge.hard > answer.sequence) return "hard";
    return purge.soft > answer.sequence ? "soft" : verdict;
  }

  /** Whether what was asked for at that moment, and has no head yet, may have been purged since: by its tags, nobody can say. */
  mayConcern(url: string, sequence: number): boolean {
    if (sequence === this.#sequence) return false;
    return this.#lastOfTags > sequence || this.verdictOnArrival({ url, tags: [], sequence }) !== undefined;
  }

  /** Something is in force that `forget` would let go of. */
  get isPending(): boolean {
    return this.#byPattern.size > 0 || this.#byUrl.size > 0 || this.#purgedTags.size > 0;
  }

  /** All that was asked for before this has come: purges of single URLs up to there concern nobody. */
  settle(upTo: number): void {
    for (const [url, { hard, soft }] of this.#byUrl) {
      if (Math.max(hard, soft) > upTo) break;
      this.#byUrl.delete(url);
    }
  }

  /** So has all that was stored then been looked at (`AnswerStore.sweep`): nor do the others. */
  forget(upTo: number): void {
    for (const [name, { hard, soft }] of this.#byPattern)
      if (Math.max(hard, soft) <= upTo) this.#byPattern.delete(name);
    for (const tag of this.#purgedTags) {
      if (Math.max(tag.hard, tag.soft) > upTo) continue;
      this.#purgedTags.delete(tag);
      if (tag.count === 0) this.#tags.delete(tag.name);
    }
  }

  #last({ url, tags }: Purgeable, mode: PurgeMode): number {
    let last = this.#everything[mode];
    for (const tag of tags) if (tag[mode] > last) last = tag[mode];
    for (const pattern of this.#byPattern.values())
      if (pattern[mode] > last && pattern.matches(url)) last = pattern[mode];
    return last;
  }
}
