import type { Row as AnyRow } from "../support/row.ts";
import type { ContenderName } from "./contenders.ts";
import type { LimitsSite } from "./limits-site.ts";

export type Row = AnyRow<LimitsSite, ContenderName>;
