import { poll } from "../../../src/kernel/index.ts";
import type { CountedLimit, Decision, DrawDecider, LimitDraw } from "../../../src/limits/decider.ts";

export interface Decided extends Decision {
  readonly limit: CountedLimit;
  readonly tookMs: number;
}

/** Asks all the time, each decider about each limit, one after the other; and keeps what was decided since the last look. */
export class DeciderLoad {
  readonly #deciders: readonly DrawDecider[];
  readonly #loops: Promise<void>[];
  #isOver = false;
  #decided: Decided[] = [];

  constructor(deciders: readonly DrawDecider[], draws: readonly LimitDraw[]) {
    this.#deciders = deciders;
    this.#loops = deciders.flatMap((decider) => draws.map((draw) => this.#ask(decider, draw)));
  }

  /** All that was decided since the last time, at least so many of each limit and decider. */
  async next(atLeast: number): Promise<Decided[]> {
    this.#decided = [];
    await this.#until("nothing is decided any more", () => this.#decided.length >= atLeast * this.#loops.length);
    return this.#decided;
  }

  /** Every decider has found out. */
  async untilAway(): Promise<void> {
    await this.#until("the store is not away", () => this.#deciders.every((decider) => decider.figures().isAway));
  }

  /** Every decider has it, and it decides again. */
  async untilBack(): Promise<void> {
    await this.#until("the store is not back", () => {
      const isThere = this.#deciders.every((decider) => !decider.figures().isAway);
      const last = this.#decided.slice(-this.#loops.length);
      return isThere && last.some(({ isDecidedAway, limit }) => !isDecidedAway && limit.mode === "exact");
    });
  }

  /** Resolves when every decision is made. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#loops);
  }

  async #ask(decider: DrawDecider, draw: LimitDraw): Promise<void> {
    while (!this.#isOver) {
      const asked = performance.now();
      const decision = await decider.decide([draw]);
      this.#decided.push({ ...decision, limit: draw.limit, tookMs: performance.now() - asked });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #until(otherwise: string, isSo: () => boolean): Promise<void> {
    const onTimeout = (): Error => new Error(otherwise);
    await poll(() => isSo() || undefined, { everyMs: 5, deadlineMs: 20_000, onTimeout });
  }
}
