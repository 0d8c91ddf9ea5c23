import { join } from "node:path";
import type { Row } from "../row.ts";
import { concurrentMisses, concurrentRevalidations } from "./concurrent-misses.ts";
import { hitRows } from "./hit-rows.ts";
import { memory } from "./memory.ts";
import { webSite, zipfMix, zipfMixWithScan } from "./mixes.ts";
import { purgeEverywhere } from "./purge-everywhere.ts";

/** The table of targets, in its order. */
export const rows: readonly Row[] = [
  ...hitRows,
  concurrentMisses,
  concurrentRevalidations,
  zipfMix,
  zipfMixWithScan,
  ...webSite(join(import.meta.dirname, "../../..")),
  memory,
  purgeEverywhere,
];
