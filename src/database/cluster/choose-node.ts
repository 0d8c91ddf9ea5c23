/**
 * Where a read goes. Pure: what is known of the standbys in, a decision out.
 *
 * A standby is chosen if it is known to have what the session must see. If none is, but one should have it soon, it is worth waiting for; else the primary
 * has it. Among several the session stays with the one it has read from, so that it sees nothing older; a session that has read from none goes where the
 * least is going on.
 */
import type { Consistency } from "../consistency.ts";
import { hasReached, type Position } from "../lsn.ts";
import type { MustSee, Seen } from "../sessions/session.ts";
import type { NodeFacts } from "./node-facts.ts";

export interface Standby<N> {
  readonly node: N;
  readonly facts: NodeFacts;
  /** How old what it shows may be. Infinity: not known. */
  readonly ageMs: number;
  /** By how much it was behind when it was last asked. */
  readonly lagMs: number;
  /** Statements there and on their way, for each of its connections. */
  readonly load: number;
}

/** Any server that was read from: it may be a primary now, or gone. */
export interface Known {
  readonly facts: NodeFacts | undefined;
}

export interface Wish<N> extends MustSee<N> {
  readonly consistency: Consistency;
}

export type Choice<N> =
  | { readonly kind: "standby"; readonly node: N }
  /** One of these may get there in time. */
  | { readonly kind: "wait"; readonly floor: Position; readonly nodes: readonly N[] }
  | { readonly kind: "primary" };

const primary = { kind: "primary" } as const;

/** @param patienceMs no longer is waited for a standby */
export function chooseNode<N extends Known>(
  wish: Wish<N>,
  standbys: readonly Standby<N>[],
  patienceMs: number,
): Choice<N> {
  const { consistency, written } = wish;
  if (consistency === "strong" || standbys.length === 0) return primary;
  const mustHaveWritten = consistency === "session";
  if (mustHaveWritten && written === "lost") return primary;
  const floor = mustHaveWritten ? (written as Position | undefined) : undefined;
  const fit = standbys.filter((each) => isFresh(each, consistency) && hasSeen(each, wish));
  const ready = floor === undefined ? fit : fit.filter(({ facts }) => hasReached(facts.reached, floor));
  if (ready.length > 0) return { kind: "standby", node: best(ready, wish.seen) };
  if (floor === undefined) return primary;
  // What is on its way there for longer than that already will not be there in time.
  const near = fit.filter(({ facts, lagMs }) => facts.reached.timeline === floor.timeline && lagMs <= patienceMs);
  return near.length === 0 ? primary : { kind: "wait", floor, nodes: near.map(({ node }) => node) };
}

function isFresh(standby: Standby<unknown>, consistency: Consistency): boolean {
  return typeof consistency === "string" || standby.ageMs <= consistency.staleMs;
}

/** Whether it is as far as all that was read elsewhere. */
function hasSeen<N extends Known>(standby: Standby<N>, { consistency, seen, writtenAt }: Wish<N>): boolean {
  if (consistency !== "session" && consistency !== "monotonic") return true;
  return seen.every(({ node, epoch, until }) => {
    if (consistency === "session" && until <= writtenAt) return true;
    if (node.facts?.epoch !== epoch) return false;
    if (node === standby.node) return true;
    // Asked later than the read: so it says at least where the read was.
    return node.facts.askedAt >= until && hasReached(standby.facts.reached, node.facts.reached);
  });
}

function best<N>(ready: readonly Standby<N>[], seen: readonly Seen<N>[]): N {
  const stayed = ready.find((each) => seen.some(({ node }) => node === each.node));
  return (stayed ?? ready.reduce((least, each) => (each.load < least.load ? each : least))).node;
}
