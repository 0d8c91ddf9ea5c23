import type { Finding } from "./descent.ts";
import type { LoadWindow } from "./load-sample.ts";

/** When it is looked whether limit and floor still hold. */
export interface LookSchedule {
  /** What is believed rests on a guess, or on a surprise. */
  readonly mustConfirm: boolean;
  readonly notBefore: number;
  readonly gapMs: number;
  readonly floorFoundAt: number;
}

/** After a surprise it is looked again so soon, and each time that it is confirmed twice as much later. */
const shortestGapMs = 1_500;
/** Under lasting load it is looked at least so often, at whole multiples of it: processes that share a service look together then. */
const everyMs = 30_000;
/** Also in between they look at such moments alone: what one sees while the others look is best seen by all. */
const sharedEveryMs = 500;

export const nothingPlanned: LookSchedule = {
  mustConfirm: false,
  notBefore: 0,
  gapMs: shortestGapMs,
  floorFoundAt: 0,
};

/** A guess has come to matter: it is looked soon. */
export function planToConfirm(schedule: LookSchedule, now: number): LookSchedule {
  return schedule.mustConfirm ? schedule : { ...schedule, mustConfirm: true, notBefore: now + schedule.gapMs };
}

/** @param floorIsNew what was found has been believed */
export function planAfter(
  schedule: LookSchedule,
  { verdict }: Finding,
  { now, floorIsNew }: { readonly now: number; readonly floorIsNew: boolean },
): LookSchedule {
  const gapMs = verdict === "queue" ? shortestGapMs : Math.min(everyMs, schedule.gapMs * 2);
  const floorFoundAt = floorIsNew ? now : schedule.floorFoundAt;
  return { mustConfirm: verdict !== "queue", notBefore: now + gapMs, gapMs, floorFoundAt };
}

/** @returns whether it is time, and whether for all who share the service: they look at the same moment, or each would find what others take away */
export function lookNow(
  { mustConfirm, notBefore, floorFoundAt }: LookSchedule,
  { now, durationMs }: LoadWindow,
  { isInDoubt, isShared }: { readonly isInDoubt: boolean; readonly isShared: boolean },
): "together" | "alone" | undefined {
  const crosses = (multipleMs: number): boolean =>
    Math.floor(now / multipleMs) > Math.floor((now - durationMs) / multipleMs);
  if (crosses(everyMs) && (isShared || now - floorFoundAt > everyMs / 2)) return "together";
  const isDue = (isInDoubt || mustConfirm) && now >= notBefore;
  return isDue && (!isShared || crosses(sharedEveryMs)) ? "alone" : undefined;
}
