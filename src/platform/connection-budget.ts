/**
 * Who may have how many connections to the database. A server takes so many and no more, and instances come and go; so what there is, is divided among them,
 * and an instance that comes gets nothing that another has not given back. Pure: events in, orders out.
 *
 * Each has a grant, what it was told last, and holds what it may still be using: the greater of what it was told and what it has confirmed. The sum of what all hold is
 * never above the budget. So a smaller grant counts when it is confirmed, and a larger one is given as soon as there is something to give.
 */
export interface Share {
  readonly granted: number;
  /** It may be using so many. */
  readonly held: number;
}

export type Shares = ReadonlyMap<string, Share>;

export interface Budget {
  /** Of all together. */
  readonly connections: number;
  /** No instance has use for more. */
  readonly mostEach: number;
}

export type BudgetEvent =
  | { readonly kind: "joined"; readonly id: string }
  /** It has no more than that open, and will not open more. */
  | { readonly kind: "confirmed"; readonly id: string; readonly size: number }
  /** Its process has ended. */
  | { readonly kind: "left"; readonly id: string };

export interface Divided {
  readonly shares: Shares;
  /** Who is to be told of another grant. */
  readonly changed: readonly string[];
}

export function divideConnections(before: Shares, event: BudgetEvent, budget: Budget): Divided {
  const shares = new Map(before);
  const known = shares.get(event.id);
  if (event.kind === "left") shares.delete(event.id);
  if (event.kind === "joined" && known === undefined) shares.set(event.id, { granted: 0, held: 0 });
  if (event.kind === "confirmed" && known !== undefined) {
    shares.set(event.id, { ...known, held: Math.max(known.granted, event.size) });
  }
  return grant(shares, before, budget);
}

function grant(shares: Map<string, Share>, before: Shares, budget: Budget): Divided {
  const targets = targetsOf([...shares.keys()], budget);
  for (const [id, { granted, held }] of shares) {
    const target = targets.get(id)!;
    if (target < granted) shares.set(id, { granted: target, held });
  }
  let free = budget.connections - sum(shares);
  // Who has least comes first: one that has just joined waits for nothing but the others.
  for (const [id, { granted, held }] of [...shares].toSorted(([, a], [, b]) => a.held - b.held)) {
    const more = Math.min(targets.get(id)! - held, free);
    if (more <= 0) continue;
    free -= more;
    shares.set(id, { granted: Math.max(granted, held + more), held: held + more });
  }
  const changed = [...shares.keys()].filter((id) => shares.get(id)!.granted !== before.get(id)?.granted);
  return { shares, changed };
}

/** As even as it gets: those who came first have one more, if it does not come out even. */
function targetsOf(ids: readonly string[], { connections, mostEach }: Budget): ReadonlyMap<string, number> {
  const each = Math.floor(connections / Math.max(1, ids.length));
  const rest = connections - each * ids.length;
  return new Map(ids.map((id, index) => [id, Math.min(mostEach, each + (index < rest ? 1 : 0))]));
}

function sum(shares: Shares): number {
  return [...shares.values()].reduce((total, { held }) => total + held, 0);
}
