import type { ConcurrencyPolicy } from "../../../src/gateway/index.ts";
import { AdaptiveConcurrency, type LoadWindow, SharedConcurrency } from "../../../src/limits/index.ts";
import { always, exponentially, type WorkLaw } from "./chance.ts";
import { type Demand, type Outcome, type Scenario, simulate } from "./simulation.ts";

/** A kind of service, and what it can do. */
export interface SimulatedKind {
  readonly name: string;
  /** Of each instance. */
  readonly servers: number;
  readonly upstreams: number;
  readonly work: WorkLaw;
  /** Answers a second. */
  readonly capacity: number;
}

const cpuBound = (law: string, work: WorkLaw, upstreams: number): SimulatedKind => ({
  name: `${upstreams} × one thread, 5 ms ${law}`,
  servers: 1,
  upstreams,
  work,
  capacity: 200 * upstreams,
});

const poolBound = (law: string, work: WorkLaw, upstreams: number): SimulatedKind => ({
  name: `${upstreams} × a pool of 10, 20 ms ${law}`,
  servers: 10,
  upstreams,
  work,
  capacity: 500 * upstreams,
});

export const kinds: readonly SimulatedKind[] = [1, 2].flatMap((upstreams) => [
  cpuBound("each", always(5), upstreams),
  cpuBound("on average", exponentially(5), upstreams),
  poolBound("each", always(20), upstreams),
  poolBound("on average", exponentially(20), upstreams),
]);

/** One that decides for all. */
export function adaptive(gateways: number): readonly ConcurrencyPolicy[] {
  if (gateways === 1) return [new AdaptiveConcurrency()];
  const shared = new SharedConcurrency<{ limit: number }>();
  const limit = Math.ceil(new AdaptiveConcurrency().limit / gateways);
  return Array.from({ length: gateways }, () => ({
    limit,
    observe(window: LoadWindow) {
      for (const [policy, share] of shared.report(this, window)) policy.limit = share;
    },
  }));
}

export const unlimited = (gateways: number): readonly ConcurrencyPolicy[] =>
  Array.from({ length: gateways }, () => ({ limit: Infinity, observe() {} }));

export function simulateKind(
  { servers, upstreams }: SimulatedKind,
  demands: readonly Demand[],
  scenario: Omit<Scenario, "demands" | "servers" | "policy"> & Partial<Scenario>,
): Outcome {
  return simulate({ servers, upstreams, policy: adaptive, ...scenario, demands });
}

/** Of what was asked between two seconds, by one demand, a second: how much was answered in its time. */
export function goodput(
  { answered }: Outcome,
  from: number,
  to: number,
  demands: Iterable<number> = answered.keys(),
): number {
  const of = (index: number): number => answered[index]!.slice(from, to).reduce((sum, each) => sum + each, 0);
  return [...demands].reduce((sum, index) => sum + of(index), 0) / (to - from);
}

export function answeredShare({ asked, answered }: Outcome, demand: number, from: number, to: number): number {
  const sum = (values: readonly number[]): number => values.slice(from, to).reduce((all, each) => all + each, 0);
  return sum(answered[demand]!) / sum(asked[demand]!);
}

/** Of all gateways, on average between two seconds. */
export function meanLimit({ limits }: Outcome, from: number, to: number): number {
  const some = limits.slice(from * 10, to * 10);
  return some.reduce((sum, each) => sum + each, 0) / some.length;
}
