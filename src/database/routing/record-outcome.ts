import type { DatabaseNode } from "../cluster/node.ts";
import type { Session } from "../sessions/session.ts";
import type { Place } from "./acquire.ts";
import type { Router } from "./router.ts";
import type { Outcome } from "./sent-statement.ts";

export interface Recorded {
  readonly place: Place;
  readonly sentAt: number;
  readonly outcome: Outcome;
  readonly isRead: boolean;
  readonly session: Session<DatabaseNode>;
}

/** What the session and the cluster learn from an answer. Where there is one server there is nothing to remember. */
export function recordOutcome(router: Router, { place, sentAt, outcome, isRead, session }: Recorded): void {
  if (!router.hasStandbys) return;
  const { error, position } = outcome;
  const at = performance.now();
  if (position !== undefined) router.cluster.mark(position, sentAt);
  if (isRead) {
    if (error === undefined) session.read(place.node, { epoch: place.epoch, at, covers: !place.isStandby });
  } else if (error === undefined || position !== undefined) {
    // Of several statements in one text, those before the one that failed may have committed.
    session.wrote(position, at);
  }
}
