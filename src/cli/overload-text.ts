import type { OverloadReport } from "../platform/index.ts";
import { number, percent } from "./cache-text.ts";
import { paint, table } from "./terminal.ts";

/** Services that are asked for more than they can do, or were; nothing when none is. */
export function overloadText(report: OverloadReport | null): string | undefined {
  const rows = Object.entries(report ?? {})
    .map(([name, each]) => ({ name, ...each, turnedAway: Object.values(each.shed).reduce((sum, n) => sum + n, 0) }))
    .filter(({ turnedAway, waiting, brownout }) => turnedAway > 0 || waiting > 0 || brownout > 0)
    .map(({ name, limit, inFlight, waiting, shed, brownout }) => [
      name,
      limit === undefined ? "" : number(limit),
      number(inFlight),
      number(waiting),
      shedText(shed),
      brownout === 0 ? "" : percent(brownout),
    ]);
  if (rows.length === 0) return undefined;
  return `\n${table([["OVERLOAD", "AT ONCE", "IN FLIGHT", "WAITING", "TURNED AWAY", "BROWNOUT"], ...rows])}`;
}

/** `"30 normal, 200 background"` */
function shedText(shed: Readonly<Record<string, number>>): string {
  const parts = Object.entries(shed).filter(([, count]) => count > 0);
  return paint("yellow", parts.map(([priority, count]) => `${number(count)} ${priority}`).join(", "));
}
