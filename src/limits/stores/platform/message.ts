import type { Quota } from "../../../config/index.ts";
import type { Draw, Lease, LeaseOrder, QuotaState, Verdict } from "../../store.ts";

/**
 * What passes between the gateway processes of a machine and the platform, which counts for them: lines of JSON, without the names of
 * fields, each with a number by which its answer is known.
 *
 * `[id, "decide", draws]` → `[id, "decided", isAdmitted, states]`; `[id, "lease", orders]` → `[id, "leased", leases]`;
 * or `[id, "failed", message]`.
 */
export type Question =
  | readonly [id: number, kind: "decide", draws: readonly PackedDraw[]]
  | readonly [id: number, kind: "lease", orders: readonly PackedOrder[]];

export type Answer =
  | readonly [id: number, kind: "decided", isAdmitted: boolean, states: readonly PackedState[]]
  | readonly [id: number, kind: "leased", leases: readonly PackedLease[]]
  | readonly [id: number, kind: "failed", message: string];

/** More than any of ours is. */
export const maxLineBytes = 1024 * 1024;

type PackedDraw = readonly [
  key: string,
  algorithm: Quota["algorithm"],
  count: number,
  windowMs: number,
  burst: number,
  amount: number,
];
type PackedOrder = readonly [...draw: PackedDraw, holdMs: number, returnedStamp: number, returnedAmount: number];
/** `null`: Infinity, which JSON has not. */
type PackedState = readonly [remaining: number, resetMs: number, retryAfterMs: number | null];
type PackedLease = readonly [granted: number, stamp: number, ...state: PackedState];

export function packDraw({ key, quota, amount }: Draw): PackedDraw {
  return [key, quota.algorithm, quota.count, quota.windowMs, quota.burst, amount];
}

export function packOrder(order: LeaseOrder): PackedOrder {
  return [...packDraw(order), order.holdMs, order.returned?.stamp ?? 0, order.returned?.amount ?? 0];
}

export function packVerdict(id: number, { isAdmitted, states }: Verdict): Answer {
  return [id, "decided", isAdmitted, states.map(packState)];
}

export function packLeases(id: number, leases: readonly Lease[]): Answer {
  return [id, "leased", leases.map(({ granted, stamp, state }) => [granted, stamp, ...packState(state)])];
}

export function unpackDraw([key, algorithm, count, windowMs, burst, amount]: PackedDraw): Draw {
  return { key, quota: { algorithm, count, windowMs, burst }, amount };
}

export function unpackOrder(order: PackedOrder): LeaseOrder {
  const [, , , , , , holdMs, stamp, amount] = order;
  return {
    ...unpackDraw(order.slice(0, 6) as unknown as PackedDraw),
    holdMs,
    ...(amount > 0 ? { returned: { stamp, amount } } : {}),
  };
}

export function unpackVerdict(isAdmitted: boolean, states: readonly PackedState[]): Verdict {
  return { isAdmitted, states: states.map(unpackState) };
}

export function unpackLease([granted, stamp, ...state]: PackedLease): Lease {
  return { granted, stamp, state: unpackState(state) };
}

/** `undefined`: from a process of another version, or of somebody else. */
export function parseQuestion(line: string): Question | undefined {
  const question = parse(line);
  if (!Array.isArray(question) || !Number.isInteger(question[0]) || !Array.isArray(question[2])) return undefined;
  const [, kind, items] = question as [unknown, unknown, unknown[]];
  const length = kind === "decide" ? 6 : 9;
  if (kind !== "decide" && kind !== "lease") return undefined;
  return items.every((item) => isDraw(item, length)) ? (question as unknown as Question) : undefined;
}

export function parseAnswer(line: string): Answer | undefined {
  const answer = parse(line);
  return Array.isArray(answer) && Number.isInteger(answer[0]) ? (answer as unknown as Answer) : undefined;
}

function isDraw(item: unknown, length: number): boolean {
  if (!Array.isArray(item) || item.length !== length) return false;
  const [key, algorithm, count, windowMs, ...others] = item as unknown[];
  const isKnown = algorithm === "sliding-window" || algorithm === "gcra";
  return typeof key === "string" && isKnown && isPositive(count) && isPositive(windowMs) && others.every(isFinite);
}

const isFinite = (value: unknown): boolean => Number.isFinite(value);
const isPositive = (value: unknown): boolean => Number.isFinite(value) && (value as number) > 0;

function packState({ remaining, resetMs, retryAfterMs }: QuotaState): PackedState {
  return [remaining, resetMs, retryAfterMs === Infinity ? null : retryAfterMs];
}

function unpackState([remaining, resetMs, retryAfterMs]: PackedState): QuotaState {
  return { remaining, resetMs, retryAfterMs: retryAfterMs ?? Infinity };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
