import { join } from "node:path";
import { type RunningSubject, startSubject, type SubjectSurroundings } from "../../support/subject.ts";
import { type DeciderName, deciders } from "../contenders.ts";
import type { Answers, SubjectOptions } from "./protocol.ts";

const program = join(import.meta.dirname, "main.ts");

export type RunningDecider = RunningSubject<Answers>;
export type Started = Pick<SubjectOptions, "allowance" | "redisUrl"> &
  Partial<Pick<SubjectOptions, "keys" | "isZipf" | "callers" | "seconds" | "perSecond" | "seed">>;

/** One who decides, in a process that does nothing but ask. */
export function startDecider(
  name: DeciderName,
  started: Started,
  place: SubjectSurroundings = {},
): Promise<RunningDecider> {
  const asked = { keys: 1, isZipf: false, callers: 1, isAwaited: false, seconds: 0, perSecond: 0, seed: 1, ...started };
  return startSubject<Answers>(program, { port: 0, ...asked, ...deciders[name] } satisfies SubjectOptions, place);
}
