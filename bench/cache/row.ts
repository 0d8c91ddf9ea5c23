import type { Row as AnyRow } from "../support/row.ts";
import type { CacheSite } from "./cache-site.ts";
import type { ContenderName } from "./contenders.ts";

export type Row = AnyRow<CacheSite, ContenderName>;
