import type { Site } from "./site.ts";
import type { Measured, Target } from "./target.ts";

/** One line of the table of targets: who is measured, how, and what is wanted of the numbers. */
export interface Row<S extends Site = Site, Name extends string = string> {
  /** For `--only`, and its key in the results. */
  readonly name: string;
  /** What is measured, for people. */
  readonly title: string;
  readonly contenders: readonly Name[];
  readonly targets: readonly Target[];
  /** What a reader has to know to understand the numbers. */
  readonly note?: string;
  /** It takes so long that it is measured only when it is named (`--only`). */
  readonly isOnlyWhenAsked?: true;
  readonly measure: (row: Row<S, Name>, site: S) => Promise<Measured>;
}
