import type { Problem } from "../../http/index.ts";
import * as problems from "../problems.ts";
import { LoadMeter } from "./load-meter.ts";
import { expectedWaitMs, patienceMs, retryAfterSeconds } from "./patience.ts";
import { priorities, type Waiting, WaitingLine } from "./waiting-line.ts";

/** Who wants in, as the gate sees him. Times as `performance.now()`. */
export interface Guest extends Waiting {
  waitsSince: number;
  /** Later it is no use; Infinity: it always is. */
  readonly deadlineAt: number;
  /** His turn has come: he is inside. */
  onAdmitted(now: number): void;
  /** It will not come. */
  onTurnedAway(problem: Problem, now: number): void;
}

export interface GateOptions {
  /** Who may wait. */
  readonly queue: number;
  readonly queueTimeoutMs: number;
}

/** While somebody waits, it is looked so often whose time is over. */
const sweepEveryMs = 10;
/** Looks again and again. @returns what ends it */
export type Repeat = (look: () => void) => () => void;

const repeat: Repeat = (look) => {
  const timer = setInterval(look, sweepEveryMs).unref();
  return () => clearInterval(timer);
};

/** Of how fast the line moves, a look's share. */
const paceWeight = 0.2;
/** So many looks the shortest time inside is remembered. */
const rememberedLooks = 10;

/**
 * A bound on requests at once, and a line of those who wait for room.
 *
 *     enter ─ room ──────────────────────────► inside ──leave──► gone
 *       ├─ a line that is worth waiting in ─► waiting ─┘
 *       │                                       └─ patience or deadline over, displaced by a higher priority ─► turned away
 *       └─ no hope ─► turned away at once
 *
 * As long as there is room nobody waits: whoever leaves, and a limit that rises, lets the next in.
 */
export class Gate {
  inFlight = 0;
  readonly meter = new LoadMeter();
  /** Turned away, by rank: demand that was not met. */
  readonly shed: number[] = priorities.map(() => 0);
  #options: GateOptions;
  #limit: number;
  readonly #line = new WaitingLine<Guest>();
  /** When those of a rank began to wait without a break; 0: nobody does. */
  readonly #standingSince: number[] = priorities.map(() => 0);
  #servedPerSecond = 0;
  #left = 0;
  #wasContended = false;
  /** The shortest time inside, of each of the last looks: nobody is faster. */
  readonly #shortest: number[] = [];
  #shortestNow = Infinity;
  /** Of them all; 0: nobody knows yet. */
  #leastMs = 0;
  #isLettingIn = false;
  readonly #repeat: Repeat;
  #stopSweeping: (() => void) | undefined;

  constructor(limit: number, options: GateOptions, again: Repeat = repeat) {
    this.#limit = limit;
    this.#options = options;
    this.#repeat = again;
  }

  get limit(): number {
    return this.#limit;
  }

  get waiting(): number {
    return this.#line.length;
  }

  apply(options: GateOptions): void {
    this.#options = options;
  }

  /** @returns a problem: he is turned away; `"waiting"`: he will be told */
  enter(guest: Guest, now: number): "inside" | "waiting" | Problem {
    if (now + this.#leastMs > guest.deadlineAt) return this.#turnAway(guest, "late");
    if (this.inFlight < this.#limit) {
      this.#admit();
      return "inside";
    }
    this.#contend();
    const waitMs = expectedWaitMs(this.#line.before(guest.rank), this.#servedPerSecond);
    if (now + waitMs + this.#leastMs > guest.deadlineAt) return this.#turnAway(guest, "late");
    if (waitMs > this.#patienceMs(guest.rank, now)) return this.#turnAway(guest, "full");
    if (this.#line.length >= this.#options.queue && !this.#displaceFor(guest, now))
      return this.#turnAway(guest, "full");
    guest.waitsSince = now;
    if (this.#standingSince[guest.rank] === 0) this.#standingSince[guest.rank] = now;
    this.#line.push(guest);
    this.#stopSweeping ??= this.#repeat(() => this.sweep(performance.now()));
    return "waiting";
  }

  /** He was inside. @param ms how long, if it was for an answer */
  leave(ms: number | undefined, now: number): void {
    this.inFlight--;
    this.#left++;
    if (ms !== undefined && ms < this.#shortestNow) this.#shortestNow = ms;
    this.#letIn(now);
  }

  /** He does not want to wait any longer. */
  giveUp(guest: Guest): void {
    this.#remove(guest);
  }

  /** @param now as `performance.now()` */
  setLimit(limit: number, now: number): void {
    this.#limit = limit;
    this.#letIn(now);
  }

  /** Those whose patience or deadline is over are told. */
  sweep(now: number): void {
    for (let rank = 0; rank < priorities.length; rank++) {
      const patience = this.#patienceMs(rank, now);
      let guest = this.#line.first(rank);
      while (guest !== undefined) {
        const { behind } = guest;
        const isLate = now > guest.deadlineAt;
        if (isLate || now - guest.waitsSince > patience) {
          this.#remove(guest);
          guest.onTurnedAway(this.#turnAway(guest, isLate ? "late" : "full"), now);
          // Whoever is told may do something that changes the line.
          if (behind?.isInLine === false) break;
        }
        guest = behind;
      }
    }
    if (this.#line.length === 0) this.#endSweeping();
  }

  /** Ten times a second. */
  look(durationMs: number): void {
    const perSecond = (this.#left * 1_000) / durationMs;
    // While nobody waits, what leaves is what comes, and shows only that so much can be done; as does the first that leaves at all.
    const isSure = !this.#wasContended || this.#servedPerSecond === 0;
    const weight = isSure && perSecond > this.#servedPerSecond ? 1 : paceWeight;
    if (this.#wasContended || weight === 1) this.#servedPerSecond += weight * (perSecond - this.#servedPerSecond);
    this.#left = 0;
    this.#wasContended = false;
    // Whoever waits lacks a place, also while nobody comes.
    if (this.#line.length > 0) this.#contend();
    this.#shortest.push(this.#shortestNow);
    if (this.#shortest.length > rememberedLooks) this.#shortest.shift();
    this.#shortestNow = Infinity;
    const least = Math.min(...this.#shortest);
    this.#leastMs = least === Infinity ? 0 : least;
  }

  /** Nobody gets in any more. */
  close(problem: Problem, now = performance.now()): void {
    this.#endSweeping();
    for (let guest = this.#line.next(); guest !== undefined; guest = this.#line.next()) {
      this.#remove(guest);
      guest.onTurnedAway(problem, now);
    }
  }

  #endSweeping(): void {
    this.#stopSweeping?.();
    this.#stopSweeping = undefined;
  }

  #contend(): void {
    this.#wasContended = true;
    this.meter.contend();
  }

  #admit(): void {
    this.inFlight++;
    this.meter.enter(this.inFlight);
  }

  #letIn(now: number): void {
    // Whoever is let in may leave again at once.
    if (this.#isLettingIn) return;
    this.#isLettingIn = true;
    for (let guest = this.#line.next(); guest !== undefined && this.inFlight < this.#limit; guest = this.#line.next()) {
      this.#remove(guest);
      if (now + this.#leastMs > guest.deadlineAt) {
        guest.onTurnedAway(this.#turnAway(guest, "late"), now);
        continue;
      }
      this.#admit();
      guest.onAdmitted(now);
    }
    this.#isLettingIn = false;
  }

  /** When the line is full, who would go last of those of lower priority makes room. */
  #displaceFor({ rank }: Guest, now: number): boolean {
    const last = this.#line.lastBelow(rank);
    if (last === undefined) return false;
    this.#remove(last);
    last.onTurnedAway(this.#turnAway(last, "full"), now);
    return true;
  }

  #remove(guest: Guest): void {
    this.#line.remove(guest);
    if (this.#line.lengthOf(guest.rank) === 0) this.#standingSince[guest.rank] = 0;
  }

  #turnAway({ rank }: Guest, why: "late" | "full"): Problem {
    this.shed[rank]!++;
    const seconds = retryAfterSeconds(this.#line.length, this.#servedPerSecond);
    return why === "late" ? problems.deadlineUnmeetable(seconds) : problems.overloaded(seconds);
  }

  #patienceMs(rank: number, now: number): number {
    const since = this.#standingSince[rank]!;
    const { queueTimeoutMs } = this.#options;
    return patienceMs({ queueTimeoutMs, isCritical: rank === 0, standingMs: since === 0 ? 0 : now - since });
  }
}
