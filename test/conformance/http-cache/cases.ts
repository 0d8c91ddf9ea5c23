import type { CacheCase } from "./cache-case.ts";
import { freshness } from "./freshness.ts";
import { invalidation } from "./invalidation.ts";
import { ranges } from "./ranges.ts";
import { staleness } from "./stale.ts";
import { status } from "./status.ts";
import { storing } from "./storing.ts";
import { targeted } from "./targeted.ts";
import { validation } from "./validation.ts";
import { vary } from "./vary.ts";

/** What the standards ask of a shared cache, section by section. */
export const cacheCases: Readonly<Record<string, readonly CacheCase[]>> = {
  storing,
  freshness,
  validation,
  vary,
  invalidation,
  ranges,
  staleness,
  targeted,
  status,
};
