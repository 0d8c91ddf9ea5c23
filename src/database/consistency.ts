/**
 * How new what is read must be, from the strongest:
 *
 *  - `strong`: as the primary has it.
 *  - `session`, the default: what this session has written, and nothing older than what it has read.
 *  - `monotonic`: nothing older than what it has read.
 *  - `bounded("500ms")`: no older than that.
 *  - `any`: whatever a replica has.
 *
 * A session is a request, a job, whatever `db.session()` runs; outside of one, all that a process does.
 */
import { parseDuration } from "../kernel/index.ts";
import { stalenessInvalid } from "./errors.ts";

export type Consistency = "strong" | "session" | "monotonic" | "any" | Bounded;

export interface Bounded {
  readonly staleMs: number;
}

/** @param staleness `"500ms"`. @throws DATABASE_STALENESS_INVALID */
export function bounded(staleness: string): Bounded {
  const staleMs = parseDuration(staleness);
  if (staleMs === undefined || staleMs <= 0) throw stalenessInvalid(staleness);
  return { staleMs };
}
