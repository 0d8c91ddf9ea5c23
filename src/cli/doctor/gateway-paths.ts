import type { GatewayFigures } from "../../gateway/index.ts";
import { type Finding, ok, warning } from "./finding.ts";
import { explainHandOver } from "./hand-over-reasons.ts";

type PathFigures = GatewayFigures["paths"];

/** What cannot be told from a few. */
const worthATip = 0.1;

/**
 * Which path serves the requests, and what keeps the others from the fast one. Nothing is wrong with the full path: it costs more per request, so
 * what can be done about it is said as a warning only where it serves more than a few.
 */
export function pathFindings(gateways: readonly PathFigures[], isFastPathOn: boolean): Finding[] {
  if (gateways.length === 0) {
    return [
      warning("gateway paths", "no gateway answers", "wait until all is ready, or see gateway.log among the logs"),
    ];
  }
  const fast = sum(gateways.map((paths) => paths.fast));
  const full = sum(gateways.map((paths) => paths.full));
  const served = { fast, full };
  if (!isFastPathOn) {
    const found = `the fast path is off (gateway.fastPath): ${counted(full, "request")} on the full path`;
    return [{ ...ok("gateway paths", found), facts: served }];
  }
  const found = fast + full === 0 ? "no request yet" : `fast path ${part(fast, full)}, full path ${part(full, fast)}`;
  const isWorthATip = full > (fast + full) * worthATip;
  const handedOver = [...total(gateways)].toSorted(([, a], [, b]) => b - a);
  return [
    { ...ok("gateway paths", found), facts: served },
    ...handedOver.map(([reason, connections]) => handOverFinding(reason, connections, isWorthATip)),
  ];
}

function handOverFinding(reason: string, connections: number, isWorthATip: boolean): Finding {
  const { what, fix } = explainHandOver(reason);
  const check = `full path, ${reason}`;
  const found = `${counted(connections, "connection")}: ${what}`;
  const finding = fix !== undefined && isWorthATip ? warning(check, found, fix) : ok(check, found);
  return { ...finding, facts: { connections } };
}

/** Reason → connections. */
function total(gateways: readonly PathFigures[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const { handedOver } of gateways) {
    for (const [reason, connections] of Object.entries(handedOver)) {
      all.set(reason, (all.get(reason) ?? 0) + connections);
    }
  }
  return all;
}

/** `"12,345 requests (98.2 %)"`. */
function part(requests: number, others: number): string {
  const percent = (requests / (requests + others)) * 100;
  return `${counted(requests, "request")} (${percent.toFixed(1)} %)`;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
