import type { FilledConfig } from "../fill.ts";
import type { Config } from "../options.ts";
import type { Problem } from "../problem.ts";
import type { ResolvedConfig } from "../resolved.ts";

/** A problem between values. It counts only while none of these paths has a problem of its own. */
export interface Conflict extends Problem {
  /** Further paths that it rests on, beside its own. */
  readonly concerns?: readonly string[];
}

/** Everything that a check may look at. Values that are wrong by themselves are replaced by their defaults. */
export interface Subject {
  /** As it stands in the file. */
  readonly written: Config;
  readonly filled: FilledConfig;
  readonly config: ResolvedConfig;
  /** Every service that the file names, also those that are wrong. */
  readonly serviceNames: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export type Check = (subject: Subject) => readonly Conflict[];
