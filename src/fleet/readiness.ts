import type { Clock } from "../kernel/index.ts";
import { probe, type ProbeResult, type ProbeTarget } from "./probe.ts";

const firstPauseMs = 50;
const lastPauseMs = 250;

export interface ReadinessOptions {
  readonly timeoutMs: number;
  /** For one attempt. */
  readonly probeTimeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks a starting instance until it says that it is ready, quickly at first. Returns the last answer: ok, or why it was not when the time was
 * over or the signal came.
 */
export async function untilReady(target: ProbeTarget, options: ReadinessOptions, clock: Clock): Promise<ProbeResult> {
  const { timeoutMs, probeTimeoutMs, signal } = options;
  const deadline = clock.monotonic() + timeoutMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(lastPauseMs, pauseMs * 1.3)) {
    const leftMs = deadline - clock.monotonic();
    const result = await probe(target, Math.max(1, Math.min(probeTimeoutMs, leftMs)), signal);
    if (result.ok || signal.aborted || clock.monotonic() + pauseMs >= deadline) return result;
    await clock.sleep(pauseMs, signal).catch(() => {});
  }
}
