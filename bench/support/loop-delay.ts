import { monitorEventLoopDelay } from "node:perf_hooks";

export interface LoopAnswers {
  /** Begins to watch the event loop. */
  readonly watch: null;
  /** Milliseconds that the event loop was late, at most, since `watch`. */
  readonly stall: number;
}

/** @param resolutionMs how often the event loop is looked at */
export function watchLoop(resolutionMs: number): { readonly [K in keyof LoopAnswers]: () => LoopAnswers[K] } {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  return {
    watch() {
      delay.enable();
      delay.reset();
      return null;
    },
    // What it records is the time between two ticks of a timer, the timer's own included.
    stall: () => Math.max(0, delay.max / 1e6 - resolutionMs),
  };
}
