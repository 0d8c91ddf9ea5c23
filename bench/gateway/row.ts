import type { Row as AnyRow } from "../support/row.ts";
import type { BenchSite } from "./bench-site.ts";
import type { ContenderName } from "./contenders.ts";

export type Row = AnyRow<BenchSite, ContenderName>;
