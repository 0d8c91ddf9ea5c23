import { AdaptiveConcurrency } from "./adaptive-concurrency.ts";
import { addKinds, type LoadWindow } from "./load-window.ts";
import { shareOut } from "./share-out.ts";

/** Processes look at the same moments, so often. */
const everyMs = 100;
/** Who has told of so many moments nothing is not waited for. Idle ones need not tell. */
const silentMoments = 5;
/** Who tells of a time so long before is not late: the clock was set back. */
const latestMoments = 50;
/** So many of the places taken are all, as far as one can tell. */
const nearlyAll = 0.75;
/** Room to come with more than now, before the next look. */
const roomToGrow = 1.25;

/**
 * One limit for all gateway processes of a machine, which ask the same service: what they have measured is looked at together, and the places are shared out. Each for
 * itself would take its own part for the whole; and what one sees is mostly what the others do.
 */
export class SharedConcurrency<Process> {
  readonly #policy = new AdaptiveConcurrency();
  readonly #parts = new Map<Process, Part>();
  /** The moment that is being told of, and whether it has been looked at. */
  #moment = 0;
  #isLookedAt = true;

  /**
   * @param known the places that it keeps to now
   * @returns places, of those who have more or fewer now, or have told for the first time
   */
  report(process: Process, window: LoadWindow, known?: number): ReadonlyMap<Process, number> {
    const moment = Math.round(window.now / everyMs);
    // A clock that was set back begins anew; a report that is a little late does not.
    if (moment > this.#moment || moment < this.#moment - latestMoments) this.#begin(moment);
    this.#hear(process, window, known);
    const isComplete = this.#listenedTo().every(({ toldOf }) => toldOf === this.#moment);
    if (isComplete && !this.#isLookedAt) this.#look();
    return this.#changes();
  }

  /** It has ended: what it had is for the others. */
  leave(process: Process): ReadonlyMap<Process, number> {
    if (this.#parts.delete(process)) this.#shareOut();
    return this.#changes();
  }

  /** Whoever has not told of the moment before is not waited for. */
  #begin(moment: number): void {
    if (!this.#isLookedAt) this.#look();
    this.#moment = moment;
    this.#isLookedAt = false;
    for (const part of this.#parts.values()) part.toldOf = Math.min(part.toldOf, moment - 1);
  }

  #changes(): Map<Process, number> {
    const changed = [...this.#parts].filter(([, { share, known }]) => share > 0 && share !== known);
    return new Map(
      changed.map(([process, part]) => {
        part.known = part.share;
        return [process, part.share];
      }),
    );
  }

  #hear(process: Process, window: LoadWindow, known: number | undefined): void {
    const part = this.#parts.get(process) ?? { toldOf: 0, pending: undefined, wanted: 0, share: 0, known: 0 };
    part.toldOf = this.#moment;
    part.known = known ?? part.known;
    part.wanted = window.isContended ? Infinity : window.maxInFlight * roomToGrow + 1;
    part.pending = part.pending === undefined ? window : follow(part.pending, window);
    this.#parts.set(process, part);
  }

  #listenedTo(): Part[] {
    const parts = [...this.#parts.values()];
    for (const part of parts) if (this.#moment - part.toldOf > silentMoments) part.wanted = 0;
    return parts.filter(({ wanted }) => wanted > 0);
  }

  #look(): void {
    this.#isLookedAt = true;
    const told = [...this.#parts.values()].filter(({ pending }) => pending !== undefined);
    if (told.length === 0) return;
    const windows = told.map(({ pending }) => pending!);
    const window = join(windows);
    // One of them may lack places while there are enough: they are shared out anew then, and need not be more.
    const taken = windows.reduce((sum, { maxInFlight }) => sum + maxInFlight, 0);
    const isContended = window.isContended && taken >= this.#policy.limit * nearlyAll;
    this.#policy.observe({ ...window, isContended }, told.length);
    for (const part of told) part.pending = undefined;
    this.#shareOut();
  }

  #shareOut(): void {
    const parts = [...this.#parts.values()];
    shareOut(this.#policy.limit, parts).forEach((share, index) => (parts[index]!.share = share));
  }
}

interface Part {
  /** The last moment that it has told of. */
  toldOf: number;
  /** Told, and not yet looked at. */
  pending: LoadWindow | undefined;
  wanted: number;
  /** Places; 0: not yet shared out. */
  share: number;
  /** As it was last told, or has said itself. */
  known: number;
}

/** Of the same process, one after the other. */
function follow(first: LoadWindow, second: LoadWindow): LoadWindow {
  return {
    ...add(first, second),
    durationMs: first.durationMs + second.durationMs,
    maxInFlight: Math.max(first.maxInFlight, second.maxInFlight),
  };
}

/**
 * Of several processes, at the same time. Parts are rounded up, and not all have the most at the same moment: of each but one, one is not counted. But of
 * few for each, this would leave next to nothing: at least half is counted, so that places that are all taken never look as if they were not.
 */
function join(windows: readonly LoadWindow[]): LoadWindow {
  const sum = windows.reduce(add);
  const durationMs = windows.reduce((all, each) => all + each.durationMs, 0) / windows.length;
  const most = windows.reduce((all, each) => all + each.maxInFlight, 0);
  return { ...sum, durationMs, maxInFlight: Math.max(Math.ceil(most / 2), most + 1 - windows.length) };
}

function add(one: LoadWindow, other: LoadWindow): LoadWindow {
  return {
    now: Math.max(one.now, other.now),
    durationMs: one.durationMs,
    upstreams: Math.max(one.upstreams, other.upstreams),
    answers: one.answers + other.answers,
    answeredMs: one.answeredMs + other.answeredMs,
    abandoned: one.abandoned + other.abandoned,
    abandonedMs: one.abandonedMs + other.abandonedMs,
    kinds: addKinds(one.kinds, other.kinds),
    failures: one.failures + other.failures,
    maxInFlight: one.maxInFlight,
    isContended: one.isContended || other.isContended,
  };
}
