/**
 * Which server is the primary, and which must not be used. Pure: a view of all servers in, a decision out.
 *
 * A promotion begins a new timeline, and the timeline is the judge: of two servers that both say they are primaries, the one on the higher timeline was
 * promoted, and the other is an old one that has not heard of it, or has come back. It is fenced: neither written nor read, whatever becomes of the other.
 * So is a standby that follows it. What was seen once holds: a timeline that was seen anywhere, in a token too, is never gone back behind.
 */
import type { NodeFacts } from "./node-facts.ts";

export interface NodeView {
  /** `undefined`: it has never answered. */
  readonly facts: NodeFacts | undefined;
  /** It has not answered the last question in time. */
  readonly isSilent: boolean;
}

export interface Election<N extends NodeView> {
  /** Where writes go. A silent one stays the primary for as long as there is no other: nobody else can tell slow from gone. */
  readonly primary: N | undefined;
  /** What may be read from, apart from how far it is. */
  readonly standbys: readonly N[];
  /** What must not be used, and why. */
  readonly fenced: ReadonlyMap<N, "old primary" | "other system" | "old timeline">;
  /** The highest that is known. */
  readonly timeline: number;
}

export interface Known {
  /** Of the cluster that this is about. `undefined`: whatever the first primary says. */
  readonly system: string | undefined;
  /** Seen before. */
  readonly timeline: number;
}

export function elect<N extends NodeView>(nodes: readonly N[], known: Known): Election<N> {
  const fenced = new Map<N, "old primary" | "other system" | "old timeline">();
  const heard = nodes.filter((node): node is N & { readonly facts: NodeFacts } => node.facts !== undefined);
  for (const node of heard)
    if (node.facts.system !== (known.system ?? node.facts.system)) fenced.set(node, "other system");
  const own = heard.filter((node) => !fenced.has(node));
  const primaries = own.filter(({ facts }) => facts.role === "primary");
  const timeline = Math.max(known.timeline, ...primaries.map(({ facts }) => facts.reached.timeline));
  const current = primaries.filter(({ facts }) => facts.reached.timeline === timeline);
  for (const node of primaries) if (!current.includes(node)) fenced.set(node, "old primary");
  const standbys: N[] = [];
  for (const node of own) {
    if (node.facts.role !== "standby" || node.isSilent) continue;
    // One that is on a higher timeline has heard of a promotion that nobody else has told of yet.
    if (node.facts.reached.timeline === timeline) standbys.push(node);
    else if (node.facts.reached.timeline < timeline) fenced.set(node, "old timeline");
  }
  return { primary: current.find(({ isSilent }) => !isSilent) ?? current[0], standbys, fenced, timeline };
}
