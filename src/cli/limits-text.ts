import type { AdjustmentReport, KeptAdjustment, LimitReport, LimitsReport } from "../platform/index.ts";
import { number } from "./cache-text.ts";
import { ago, paint, table } from "./terminal.ts";

/** Limits for people: each with its tiers, and what was adjusted. */
export function limitsText(report: LimitsReport, now: number): string {
  if (report.limits.length === 0) {
    return 'Nothing is limited. Say limits in the config: gateway: { limits: { anonymous: "100/minute per ip" } }';
  }
  const rows = report.limits.flatMap((limit) => rowsOf(limit, now));
  const head = ["LIMIT", "OF", "PER", "RATE", "NOW", "UNTIL", "ADMITTED", "REFUSED", "CALLERS"];
  return [table([head, ...rows]), adjustmentsText(report.adjustments, now), storeText(report)]
    .filter((part) => part !== undefined)
    .join("\n\n");
}

function rowsOf(limit: LimitReport, now: number): string[][] {
  return limit.rates.map(({ tier, rate, now: holds, until, event }) => {
    const held = holds === rate ? holds : paint("yellow", event === undefined ? holds : `${holds} (${event})`);
    const changes = until === undefined ? "" : timeText(until, now);
    if (tier !== undefined) return [`  ${tier}`, "", "", rate, held, changes];
    const refused = limit.refused === 0 ? "0" : paint("yellow", number(limit.refused));
    const counts = [number(limit.admitted), refused, number(limit.keys)];
    return [limit.name, limit.service ?? "", limit.per.join(", "), rate, held, changes, ...counts];
  });
}

function adjustmentsText(adjustments: readonly AdjustmentReport[], now: number): string | undefined {
  const shown = adjustments.filter(({ state }) => state !== "over");
  if (shown.length === 0) return undefined;
  const time = (at: number | undefined): string => (at === undefined ? "" : timeText(at, now));
  return table([
    ["ADJUSTED", "RATE", "FROM", "UNTIL", "EVENT", "BY", "STATE"],
    ...shown.map((each) => {
      const { rate, from, until, event = "", by, state } = each;
      return [targetText(each), rate, time(from), time(until), event, by === "config" ? "config" : "you", state];
    }),
  ]);
}

const stores = { memory: "the gateway's memory", platform: "the platform's memory", redis: "Redis" };

function storeText({ store, isAway, limits, failures }: LimitsReport): string | undefined {
  if (!isAway) return undefined;
  const decided = number(limits.reduce((sum, { decidedAway }) => sum + decidedAway, 0));
  const what = `${stores[store]} cannot be reached (${number(failures)} calls failed)`;
  return paint(
    "red",
    `Limits are counted in ${stores[store]}, and ${what}: ${decided} requests were decided without it.`,
  );
}

/** What a limit is asked for beyond what it lets through; nothing while none is. */
export function hitLimitsText(report: LimitsReport | null): string | undefined {
  const hit = (report?.limits ?? []).filter(({ refused }) => refused > 0);
  const away = report === null ? undefined : storeText(report);
  if (hit.length === 0) return away === undefined ? undefined : `\n${away}`;
  const rows = hit.map(({ name, rates, refused, admitted }) => [
    name,
    rates[0]!.now,
    paint("yellow", number(refused)),
    number(admitted),
  ]);
  return `\n${table([["LIMIT", "RATE", "REFUSED", "ADMITTED"], ...rows])}${away === undefined ? "" : `\n${away}`}`;
}

/** What was set, in a sentence. */
export function adjustmentText(adjustment: KeptAdjustment, now: number): string {
  const { rate, from, until, event } = adjustment;
  const times = [
    ...(from === undefined || from <= now ? [] : [`from ${timeText(from, now)}`]),
    until === undefined ? "until it is taken back" : `until ${timeText(until, now)}`,
  ];
  const why = event === undefined ? "" : ` for ${event}`;
  return `Set ${targetText(adjustment)} to ${rate}${why}, ${times.join(" ")}: every gateway goes by it.`;
}

export function resetText(removed: readonly KeptAdjustment[]): string {
  if (removed.length === 0) return "Nothing of this was set.";
  const what = removed.map((each) => `${targetText(each)} (${each.rate})`).join(", ");
  return `Took back ${what}: every gateway goes by the config again.`;
}

function targetText({ limit, tier }: { readonly limit: string; readonly tier?: string }): string {
  return tier === undefined ? limit : `${limit}/${tier}`;
}

/** `"2026-11-27T18:00:00Z (in 2 h)"` */
function timeText(at: number, now: number): string {
  const distance = at > now ? `in ${ago(at - now)}` : `${ago(now - at)} ago`;
  return `${new Date(at).toISOString().slice(0, 19)}Z (${distance})`;
}
