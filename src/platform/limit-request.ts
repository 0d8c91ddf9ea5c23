import { findTarget, heaviestOf, isFault, parseInstant, quotaInstead, type ResolvedLimit } from "../config/index.ts";
import { formatDuration, nearest, parseDuration } from "../kernel/index.ts";
import { limitChangeAmbiguous, limitChangeInvalid, limitChangeUnknown } from "./errors.ts";
import type { KeptAdjustment } from "./limit-adjustments.ts";

/** Another rate for a limit, as people say it. */
export interface AdjustmentRequest {
  /** `"<limit>"`, `"<limit>/<tier>"`, or a tier that only one limit has. */
  readonly limit: string;
  /** `"500/minute"`, or `"unlimited"`. */
  readonly rate: string;
  /** ISO 8601 with its offset. Not given: from now on. */
  readonly from?: string;
  /** Not given: until it is taken back. */
  readonly until?: string;
  /** Instead of `until`: a duration such as `"2h"`. */
  readonly for?: string;
  /** What it is for: by this name it can be taken back. */
  readonly event?: string;
}

/** What is to be taken back; one of them. */
export interface ResetRequest {
  readonly limit?: string;
  readonly event?: string;
  readonly all?: true;
}

interface Target {
  readonly limit: ResolvedLimit;
  readonly tier?: string;
}

/** @throws LIMIT_CHANGE_INVALID, LIMIT_CHANGE_UNKNOWN, LIMIT_CHANGE_AMBIGUOUS */
export function toAdjustment(
  request: AdjustmentRequest,
  limits: readonly ResolvedLimit[],
  now: number,
): KeptAdjustment {
  const { limit, tier } = toTarget(request.limit, limits);
  checkRate(request.rate, limit);
  const { event } = request;
  if (event !== undefined && !/^\w[\w-]{0,63}$/.test(event)) {
    throw limitChangeInvalid(`an event named ${JSON.stringify(event.slice(0, 80))}`, "use letters, digits and dashes");
  }
  return {
    limit: limit.name,
    ...(tier === undefined ? {} : { tier }),
    rate: request.rate.trim(),
    ...toTimes(request, now),
    ...(event === undefined ? {} : { event }),
  };
}

/** What a name means: a limit, a limit's tier, or a tier of one limit. @throws LIMIT_CHANGE_UNKNOWN, LIMIT_CHANGE_AMBIGUOUS */
export function toTarget(name: string, limits: readonly ResolvedLimit[]): Target {
  const found = findTarget(name, limits);
  if (found !== undefined) return found;
  const having = limits.filter(({ tiers }) => Object.hasOwn(tiers, name));
  if (having.length === 1) return { limit: having[0]!, tier: name };
  const nameOf = (limit: ResolvedLimit, tier: string): string => `${limit.name}/${tier}`;
  if (having.length > 1)
    throw limitChangeAmbiguous(
      name,
      having.map((limit) => nameOf(limit, name)),
    );
  const known = limits.flatMap((limit) => [limit.name, ...Object.keys(limit.tiers).map((tier) => nameOf(limit, tier))]);
  const tiers = limits.flatMap((limit) => Object.keys(limit.tiers));
  throw limitChangeUnknown(name, known, nearest(name, [...known, ...tiers]));
}

function checkRate(rate: string, limit: ResolvedLimit): void {
  const quota = quotaInstead(rate.trim(), limit.quota);
  if (quota === "unlimited") return;
  const said = JSON.stringify(rate.slice(0, 80));
  if (isFault(quota)) throw limitChangeInvalid(said, quota.hint ?? `give ${quota.expected}, or unlimited`);
  const heaviest = heaviestOf(limit);
  if (heaviest > quota.burst) {
    const fix = `let ${heaviest} be had at once: some requests of ${limit.name} count for so many`;
    throw limitChangeInvalid(`${said}, by which some requests would always be refused`, fix);
  }
}

function toTimes(request: AdjustmentRequest, now: number): { readonly from?: number; readonly until?: number } {
  if (request.for !== undefined && request.until !== undefined) {
    throw limitChangeInvalid("a duration, and an end beside it", "give one of `for` and `until`");
  }
  const from = request.from === undefined ? undefined : toInstant("from", request.from);
  const until = request.until === undefined ? undefined : toInstant("until", request.until);
  const end = request.for === undefined ? until : (from ?? now) + toDuration(request.for);
  if (end !== undefined && end <= Math.max(from ?? now, now)) {
    const why = end <= now ? "which is over" : "before it begins";
    throw limitChangeInvalid(`an end at ${request.until ?? new Date(end).toISOString()}, ${why}`, "give a later one");
  }
  return { ...(from === undefined ? {} : { from }), ...(end === undefined ? {} : { until: end }) };
}

function toInstant(name: string, text: string): number {
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  const inUtc = parseInstant(`${text}Z`) === undefined ? "2026-11-27T18:00:00Z" : `${text}Z`;
  throw limitChangeInvalid(
    `${name} ${JSON.stringify(text.slice(0, 80))}`,
    `give a time with its offset, such as "${inUtc}" or "${inUtc.replace("Z", "+01:00")}"`,
  );
}

const longestMs = 366 * 86_400_000;

function toDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 1 && ms <= longestMs) return ms;
  const fix = `give a duration such as "30m", "2h" or "7d", at most "${formatDuration(longestMs)}"`;
  throw limitChangeInvalid(`for ${JSON.stringify(text.slice(0, 80))}`, fix);
}

/** Which adjustments are to be taken back. @throws LIMIT_CHANGE_INVALID, LIMIT_CHANGE_UNKNOWN, LIMIT_CHANGE_AMBIGUOUS */
export function toSelection(
  { limit: name, event, all }: ResetRequest,
  limits: readonly ResolvedLimit[],
): (adjustment: KeptAdjustment) => boolean {
  const said = [name, event, all].filter((each) => each !== undefined).length;
  if (said !== 1) {
    throw limitChangeInvalid(
      said === 0 ? "nothing to take back" : "several ways to say what is to be taken back",
      "give a limit, an event, or all: see `tenfold limits reset --help`",
    );
  }
  if (all === true) return () => true;
  if (event !== undefined) return (each) => each.event === event;
  const { limit, tier } = toTarget(name!, limits);
  return (each) => each.limit === limit.name && each.tier === tier;
}
