import type { BenchSite } from "./bench-site.ts";
import type { ContenderName } from "./contenders.ts";
import type { Measured, Target } from "./target.ts";

/** One line of the table of targets: who is measured, how, and what is wanted of the numbers. */
export interface Row {
  /** For `--only`, and its key in the results. */
  readonly name: string;
  /** What is measured, for people. */
  readonly title: string;
  readonly contenders: readonly ContenderName[];
  readonly targets: readonly Target[];
  /** What a reader has to know to understand the numbers. */
  readonly note?: string;
  readonly measure: (row: Row, site: BenchSite) => Promise<Measured>;
}
