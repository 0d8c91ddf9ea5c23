import { type Backoff, backoffMs, type Clock, systemClock } from "../../kernel/index.ts";
import type { DeciderFigures } from "../decider.ts";
import type { Draw, Lease, LeaseOrder, LimitStore, Verdict } from "../store.ts";
import { limitStoreAway } from "../stores/errors.ts";

/**
 * A store that may be away. The first call that fails, or comes too late, says that it is; from then on what is asked fails at once, and the store
 * is asked in the background whether it answers, less often the longer it does not. When it does, it is asked again as before; and should the
 * first call then fail, the pause goes on to grow: a store may answer and yet not be able to count.
 */
export class WatchedStore implements LimitStore {
  readonly #store: LimitStore;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #stopping = new AbortController();
  #isAway = false;
  #calls = 0;
  #failures = 0;
  /** Pauses since a call last succeeded. */
  #pauses = 0;
  /** Calls from before a pause say nothing of the time after. */
  #era = 0;

  constructor(store: LimitStore, clock: Clock = systemClock, random: () => number = Math.random) {
    this.#store = store;
    this.#clock = clock;
    this.#random = random;
  }

  get kind(): LimitStore["kind"] {
    return this.#store.kind;
  }

  get figures(): DeciderFigures {
    return { isAway: this.#isAway, calls: this.#calls, failures: this.#failures };
  }

  decide(draws: readonly Draw[]): Promise<Verdict> {
    return this.#call(() => this.#store.decide(draws));
  }

  lease(orders: readonly LeaseOrder[]): Promise<Lease[]> {
    return this.#call(() => this.#store.lease(orders));
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    return this.#store.stop();
  }

  async #call<T>(ask: () => T | Promise<T>): Promise<T> {
    if (this.#isAway) throw limitStoreAway(`the ${this.kind} store`, "it has failed a moment ago");
    const era = this.#era;
    this.#calls++;
    try {
      const answer = await ask();
      this.#pauses = 0;
      return answer;
    } catch (error) {
      this.#failures++;
      if (!this.#isAway && era === this.#era) void this.#pause();
      throw error;
    }
  }

  async #pause(): Promise<void> {
    const { signal } = this.#stopping;
    this.#isAway = true;
    this.#era++;
    while (this.#isAway && !signal.aborted) {
      this.#pauses++;
      await this.#clock.sleep(backoffMs(this.#pauses, pauses, this.#random), signal).catch(() => undefined);
      if (!signal.aborted) this.#isAway = !(await this.#answers());
    }
  }

  async #answers(): Promise<boolean> {
    this.#calls++;
    try {
      await this.#store.decide([]);
      return true;
    } catch {
      this.#failures++;
      return false;
    }
  }
}

/** At most so long a store that is back is not asked. */
const pauses: Backoff = { baseMs: 20, maxMs: 1_000 };
