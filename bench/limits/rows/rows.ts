import type { Row } from "../row.ts";
import { accuracy } from "./accuracy.ts";
import { memoryDecisions } from "./memory-decisions.ts";
import { memoryPerKey } from "./memory-per-key.ts";
import { redisDecisions } from "./redis-decisions.ts";
import { requests } from "./requests.ts";

/** The table of targets, in its order. */
export const rows: readonly Row[] = [...memoryDecisions, ...redisDecisions, ...accuracy, ...requests, memoryPerKey];
