import type { Row as AnyRow } from "../support/row.ts";
import type { Site } from "../support/site.ts";
import type { ContenderName } from "./stack.ts";

/** What rows are measured with. */
export interface OverloadSite extends Site {
  /** A Postgres for services with a pool. */
  readonly databaseUrl: string;
  /** Of the row that looks for drift. */
  readonly minutes: number;
}

export type Row = AnyRow<OverloadSite, ContenderName>;
