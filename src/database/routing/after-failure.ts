/**
 * What becomes of a statement that failed. Pure. What is certain not to have been done is done elsewhere; so is what only reads; for everything else nobody
 * here can know, and whoever asked is told so.
 *
 * SQLSTATEs are those of the manual's appendix A.
 */
import { codeOf } from "../../kernel/index.ts";
import { isConnectionTrouble } from "../errors.ts";

export interface Failure {
  readonly error: Error;
  /** It only reads, for certain. */
  readonly isRead: boolean;
  readonly wasOnStandby: boolean;
}

export type Remedy =
  /** The same again, wherever it goes now. */
  | "again"
  /** At the primary, which may know better. */
  | "primary"
  /** It is no read after all. */
  | "writes"
  /** There may be a new primary. */
  | "other-primary"
  /** It may or may not have been done. */
  | "unknown"
  /** It is as the server says. */
  | "none";

const readOnly = "25006";
/** Not there, or not yet: undefined table, column, function, schema, object, and an enum's new value. */
const notThereYet = new Set(["42P01", "42703", "42883", "3F000", "42704", "22P02"]);
/** A standby lets what the primary has vacuumed go, and whoever still reads it with it; hot_standby_feedback prevents most of it. */
const conflicts = new Set(["40001", "40P01"]);

export function afterFailure({ error, isRead, wasOnStandby }: Failure): Remedy {
  const code = codeOf(error) ?? "";
  if (code === readOnly) return wasOnStandby ? "writes" : "other-primary";
  if (wasOnStandby && (notThereYet.has(code) || conflicts.has(code))) return "primary";
  if (!isConnectionTrouble(error)) return "none";
  return isRead ? "again" : "unknown";
}
