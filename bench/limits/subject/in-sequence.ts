import type { Decider } from "../deciders/decider.ts";
import type { Tally } from "./tally.ts";

export interface Asking {
  readonly decider: Decider;
  /** A power of two of them, again and again. */
  readonly keys: readonly string[];
  readonly seconds: number;
  readonly tally: Tally;
}

/** So often the clock is looked at. */
const stretch = 1_000;

/** One decision after the other. */
export async function askInSequence({ decider, keys, seconds, tally }: Asking, isAwaited: boolean): Promise<void> {
  const mask = keys.length - 1;
  const end = performance.now() + seconds * 1_000;
  for (let at = 0; performance.now() < end;) {
    for (let i = 0; i < stretch; i++) {
      const answer = decider.ask(keys[at++ & mask]!);
      if (!isAwaited && !(answer instanceof Promise)) {
        tally.add(answer);
        continue;
      }
      try {
        tally.add(await answer);
      } catch (reason) {
        tally.addRejection(reason);
      }
    }
    // Timers and what else wants to run has its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
