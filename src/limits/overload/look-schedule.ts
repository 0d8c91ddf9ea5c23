import type { Finding } from "./descent.ts";

/** When it is looked whether limit and floor still hold. */
export interface LookSchedule {
  /** What is believed rests on a guess, or on a surprise. */
  readonly mustConfirm: boolean;
  readonly notBefore: number;
  readonly gapMs: number;
  readonly lookedAt: number;
}

/** After a surprise it is looked again so soon, and each time that it is confirmed twice as much later. */
const shortestGapMs = 1_500;
/** Under lasting load it is looked at least so often. */
const everyMs = 30_000;

export const nothingPlanned: LookSchedule = { mustConfirm: false, notBefore: 0, gapMs: shortestGapMs, lookedAt: 0 };

/** A guess has come to matter: it is looked soon. */
export function planToConfirm(schedule: LookSchedule, now: number): LookSchedule {
  return schedule.mustConfirm ? schedule : { ...schedule, mustConfirm: true, notBefore: now + schedule.gapMs };
}

export function planAfter({ gapMs: before }: LookSchedule, { verdict }: Finding, now: number): LookSchedule {
  const gapMs = verdict === "queue" ? shortestGapMs : Math.min(everyMs, before * 2);
  return { mustConfirm: verdict !== "queue", notBefore: now + gapMs, gapMs, lookedAt: now };
}

export function isTimeToLook(
  { mustConfirm, notBefore, lookedAt }: LookSchedule,
  { now, contendedMs, isInDoubt }: Pressure,
): boolean {
  return ((isInDoubt || mustConfirm) && now >= notBefore) || Math.min(contendedMs, now - lookedAt) > everyMs;
}

export interface Pressure {
  readonly now: number;
  /** For so long places have been lacking. */
  readonly contendedMs: number;
  /** There are fewer answers than there were. */
  readonly isInDoubt: boolean;
}
