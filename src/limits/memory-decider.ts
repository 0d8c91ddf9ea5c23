import type { Decision, DeciderFigures, DrawDecider, LimitDraw } from "./decider.ts";
import type { MemoryStore } from "./stores/memory.ts";

/** Memory is never away, and nearer than any lease. */
export class MemoryDecider implements DrawDecider {
  readonly kind = "memory";
  readonly #store: MemoryStore;
  #calls = 0;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  decide(draws: readonly LimitDraw[]): Decision {
    this.#calls++;
    const { isAdmitted, states } = this.#store.charge(draws);
    return { verdict: isAdmitted ? "admitted" : "exceeded", states, isDecidedAway: false };
  }

  share(): void {}

  figures(): DeciderFigures {
    return { isAway: false, calls: this.#calls, failures: 0 };
  }

  keysOf(limit: string): number {
    return this.#store.keysOf(limit);
  }

  stop(): Promise<void> {
    return this.#store.stop();
  }
}
