/**
 * What is known of a server, and since when. Positions only ever grow while a server runs, so what it has replayed once holds until it is started anew;
 * when that happens its connections break, and what a new one tells is less than was known: then everything known is forgotten, and what is known from then
 * on is of another epoch (a standby that crashed comes back at the last point that is consistent, which may be before what it had shown to readers).
 */
import type { Position } from "../lsn.ts";
import type { ServerIdentity } from "../pool/server-identity.ts";

export interface NodeFacts {
  readonly system: string;
  readonly role: "primary" | "standby";
  readonly version: number;
  readonly hasPooler: boolean;
  /** It is at least there. */
  readonly reached: Position;
  /** When the question was sent that was answered so: whatever was read there before then was not newer than `reached`. */
  readonly askedAt: number;
  /** What was known in another one says nothing. */
  readonly epoch: number;
}

/**
 * What an answer adds to what was known.
 *
 * @param isNew it came by a connection that has just been opened
 */
export function addIdentity(
  known: NodeFacts | undefined,
  heard: ServerIdentity,
  { askedAt, isNew }: Hearing,
): NodeFacts {
  const { system, version, hasPooler, timeline, lsn, isStandby } = heard;
  const role = isStandby ? "standby" : "primary";
  const reached = { timeline, lsn };
  const epoch = known?.epoch ?? 0;
  const next = { system, role, version, hasPooler, reached, askedAt, epoch } as const;
  if (known === undefined) return next;
  const isOther = known.system !== system || (known.role === "primary" && role === "standby");
  const wentBack =
    timeline < known.reached.timeline || (timeline === known.reached.timeline && lsn < known.reached.lsn);
  // Asked later, and yet it says less; of two new connections the one asked first may be heard last.
  if (isOther || (wentBack && isNew && askedAt > known.askedAt)) return { ...next, epoch: epoch + 1 };
  // Answers may overtake each other; an older one tells nothing new.
  return wentBack || askedAt < known.askedAt ? { ...known, askedAt: Math.max(askedAt, known.askedAt) } : next;
}

export interface Hearing {
  readonly askedAt: number;
  readonly isNew: boolean;
}
