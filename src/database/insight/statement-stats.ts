/**
 * What each statement costs, as the app sees it: how often, how long, how long it waited for a connection, how many rows, and where it ran. By text, so texts should
 * have their values as parameters. Bounded: of very many texts those are kept that have cost the most time.
 */
export interface StatementFigures {
  readonly text: string;
  readonly calls: number;
  readonly failures: number;
  readonly rows: number;
  /** On the server and on the way, all calls together. */
  readonly totalMs: number;
  readonly longestMs: number;
  /** For a connection, all calls together. */
  readonly waitedMs: number;
  readonly onStandby: number;
  /** The most calls in one session: many are the sign of a loop that asks once for each row (N+1). */
  readonly mostInSession: number;
}

export interface StatementCost {
  readonly ms: number;
  readonly waitedMs: number;
  readonly rows: number;
  readonly isFailure: boolean;
  readonly wasOnStandby: boolean;
}

interface Entry {
  text: string;
  calls: number;
  failures: number;
  rows: number;
  totalMs: number;
  longestMs: number;
  waitedMs: number;
  onStandby: number;
  mostInSession: number;
}

const maxTexts = 2_000;
/** That much of them stays when there are too many. */
const keptShare = 0.75;
/** A text is kept so far. */
const maxCharacters = 4_000;

export class StatementStats {
  #entries = new Map<string, Entry>();

  add(text: string, { ms, waitedMs, rows, isFailure, wasOnStandby }: StatementCost): void {
    const entry = this.#entryOf(text);
    entry.calls++;
    if (isFailure) entry.failures++;
    if (wasOnStandby) entry.onStandby++;
    entry.rows += rows;
    entry.totalMs += ms;
    entry.waitedMs += waitedMs;
    if (ms > entry.longestMs) entry.longestMs = ms;
  }

  /** Of one session, which has called it so often until now. */
  repeated(text: string, times: number): void {
    const entry = this.#entryOf(text);
    if (times > entry.mostInSession) entry.mostInSession = times;
  }

  /** Those that cost the most time first. */
  top(count: number): readonly StatementFigures[] {
    return [...this.#entries.values()]
      .toSorted((a, b) => b.totalMs - a.totalMs)
      .slice(0, count)
      .map((entry) => ({ ...entry }));
  }

  get count(): number {
    return this.#entries.size;
  }

  #entryOf(text: string): Entry {
    const known = this.#entries.get(text);
    if (known !== undefined) return known;
    if (this.#entries.size >= maxTexts) this.#makeRoom();
    const kept = text.length > maxCharacters ? text.slice(0, maxCharacters) : text;
    const entry = {
      text: kept,
      calls: 0,
      failures: 0,
      rows: 0,
      totalMs: 0,
      longestMs: 0,
      waitedMs: 0,
      onStandby: 0,
      mostInSession: 0,
    };
    this.#entries.set(text, entry);
    return entry;
  }

  #makeRoom(): void {
    const dearest = [...this.#entries].toSorted(([, a], [, b]) => b.totalMs - a.totalMs);
    this.#entries = new Map(dearest.slice(0, maxTexts * keptShare));
  }
}
