import type { Target } from "../support/target.ts";
import type { StreamResult } from "./load/load-plan.ts";
import type { StackPlan } from "./stack.ts";

/** Until then, after the load has begun or changed, it may be unsettled. */
export const settleSeconds = 3;
export const clientTimeoutMs = 1_000;

/** Answers of use, a second, from a second to another. */
export function goodput(results: readonly StreamResult[], from: number, to: number): number {
  const sum = results.flatMap(({ answered }) => answered.slice(from, to)).reduce((all, each) => all + each, 0);
  return sum / (to - from);
}

export function answeredPercent({ asked, answered }: StreamResult, from: number, to: number): number {
  const sum = (values: readonly number[]): number => values.slice(from, to).reduce((all, each) => all + each, 0);
  return (100 * sum(answered)) / sum(asked);
}

/** A figure of one contender is so much, or more. */
export function reaches(limit: number, { of, figure, wanted }: { of: string; figure: string; wanted: string }): Target {
  return { wanted, value: ({ results }) => results[of]?.[figure], isMet: (value) => value >= limit };
}

/** The services that are measured. */
export interface MeasuredService {
  readonly name: string;
  readonly title: string;
  readonly plan: Omit<StackPlan, "databaseUrl">;
  /** Requests at once that use it fully, and no more than that. */
  readonly atOnce: number;
}

export const cpuBound: MeasuredService = {
  name: "cpu",
  title: "a CPU-bound service",
  plan: { kind: "cpu", instances: 1 },
  atOnce: 4,
};

export const cpuBoundTwice: MeasuredService = {
  name: "cpu-2",
  title: "a CPU-bound service, 2 instances",
  plan: { kind: "cpu", instances: 2 },
  atOnce: 6,
};

export const poolBound: MeasuredService = {
  name: "pool",
  title: "a service with a pool of 10 connections",
  plan: { kind: "pool", instances: 1 },
  atOnce: 20,
};
