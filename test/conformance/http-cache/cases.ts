import type { CacheCase } from "./cache-case.ts";
import { conditions } from "./conditions.ts";
import { freshness } from "./freshness.ts";
import { keptFields } from "./kept-fields.ts";
import { invalidation } from "./invalidation.ts";
import { personal } from "./personal.ts";
import { ranges } from "./ranges.ts";
import { staleIfError } from "./stale-if-error.ts";
import { staleWhileRevalidate } from "./stale-while-revalidate.ts";
import { status } from "./status.ts";
import { storing } from "./storing.ts";
import { targeted } from "./targeted.ts";
import { validation } from "./validation.ts";
import { vary } from "./vary.ts";
import { wishes } from "./wishes.ts";

/** What the standards ask of a shared cache, section by section. */
export const cacheCases: Readonly<Record<string, readonly CacheCase[]>> = {
  storing,
  keptFields,
  personal,
  freshness,
  validation,
  conditions,
  wishes,
  vary,
  invalidation,
  ranges,
  staleWhileRevalidate,
  staleIfError,
  targeted,
  status,
};
