/**
 * Which functions are volatile, by the server's own catalogue: asked for by name when a statement is seen that calls them, and remembered. A name of
 * which any function is volatile counts as volatile, whatever the schema and the arguments; so does one that does not exist.
 *
 * That a function becomes volatile later is found out after a while. Until then a standby refuses what it would write, and it is asked of the primary.
 */
import { type Clock, systemClock } from "../../kernel/index.ts";

/** Of these names, those of which there are functions and none is volatile. */
export type AskHarmless = (names: readonly string[]) => Promise<readonly string[]>;

/** One question about the catalogue: what it is asked with is `$1`, an array of names. Reads pg_proc by its index on names. */
export const harmlessFunctions = `
  select proname as name from pg_catalog.pg_proc where proname = any ($1::text[])
   group by proname having not bool_or(provolatile = 'v')`;

const trustedMs = 300_000;
/** Names come from statements, and statements may come from whoever writes SQL: no more than this many are remembered. */
const maxNames = 10_000;

interface Known {
  readonly isHarmless: boolean;
  readonly at: number;
}

export class FunctionBook {
  readonly #clock: Clock;
  #known = new Map<string, Known>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Whether none of them is volatile, as far as that is known. @throws what `ask` throws */
  async areHarmless(names: readonly string[], ask: AskHarmless): Promise<boolean> {
    const now = this.#clock.monotonic();
    const isKnown = (name: string): boolean => now - (this.#known.get(name)?.at ?? -Infinity) < trustedMs;
    const unknown = names.filter((name) => !isKnown(name));
    if (unknown.length > 0) {
      const harmless = new Set(await ask(unknown));
      if (this.#known.size + unknown.length > maxNames) this.#known = new Map();
      for (const name of unknown) this.#known.set(name, { isHarmless: harmless.has(name), at: now });
      return names.every((name) => this.#known.get(name)?.isHarmless ?? harmless.has(name));
    }
    return names.every((name) => this.#known.get(name)!.isHarmless);
  }
}
