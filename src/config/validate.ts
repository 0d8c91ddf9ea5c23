import { checkCache } from "./checks/cache.ts";
import type { Check, Conflict, Subject } from "./checks/check.ts";
import { checkJwt } from "./checks/jwt.ts";
import { checkLimitCallers } from "./checks/limit-callers.ts";
import { checkLimits } from "./checks/limits.ts";
import { checkNetwork } from "./checks/network.ts";
import { checkOverload } from "./checks/overload.ts";
import { checkPrograms } from "./checks/programs.ts";
import { checkRoutes } from "./checks/routes.ts";
import { checkServiceNames } from "./checks/service-names.ts";
import { checkServices } from "./checks/services.ts";
import { checkSplit } from "./checks/split.ts";
import { checkStaticFiles } from "./checks/static-files.ts";
import { type ExternalDatabase, type ExternalRedis, fillConfig, type FilledConfig } from "./fill.ts";
import { findMissingVariables } from "./missing-variables.ts";
import type { Config } from "./options.ts";
import { isWithin, type LocatedProblem, type Path, pathText, type Problem } from "./problem.ts";
import type { ResolvedConfig } from "./resolved.ts";
import { resolveConfig } from "./resolve.ts";
import { findKindProblems, kindsOf } from "./service-kind.ts";
import { findShapeProblems } from "./shape-problems.ts";

const checks: readonly Check[] = [
  checkServiceNames,
  checkServices,
  checkRoutes,
  checkSplit,
  checkNetwork,
  checkCache,
  checkLimits,
  checkLimitCallers,
  checkJwt,
  checkOverload,
  checkPrograms,
  checkStaticFiles,
];

/** Where a config is used. */
export interface Setting {
  readonly root: string;
  readonly mode: string;
  readonly projectName: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly database: ExternalDatabase | undefined;
  readonly redis?: ExternalRedis | undefined;
}

export type Validation =
  | { readonly problems: readonly Problem[] }
  | { readonly problems?: never; readonly filled: FilledConfig; readonly config: ResolvedConfig };

/**
 * Finds everything that is wrong at once, in three rounds. First each value by itself: variables that are not set, names that do not exist, values of the wrong
 * kind. What failed is set aside, so that the rest can be filled in and resolved all the same; then values are checked against each other and against
 * the machine. A conflict that rests on a value which failed by itself is not reported: it may be gone when that is mended.
 */
export function validateConfig(written: unknown, setting: Setting): Validation {
  const missing = findMissingVariables(written, setting.mode);
  const alone: LocatedProblem[] = [
    ...missing,
    ...findShapeProblems(written).filter(({ path }) => !missing.some((each) => each.path === path)),
  ];
  const broken = new Set(alone.flatMap(placesOf));
  if (broken.has("") || broken.has("services")) return { problems: alone.map(plain) };

  const sound = without(written, broken) as Config;
  const kinds = unlessBroken(findKindProblems(sound), broken);
  const usable: Config = { ...sound, services: ofClearKind(sound.services) };
  const filled = fillConfig(usable, setting);
  const subject: Subject = {
    written: usable,
    filled,
    config: resolveConfig(filled, setting.root),
    serviceNames: Object.keys((written as Config).services),
    environment: setting.environment,
  };
  const conflicts = unlessBroken(
    checks.flatMap((check) => check(subject)),
    broken,
  );
  const problems = [...alone, ...kinds, ...conflicts].map(plain);
  return problems.length > 0 ? { problems } : { filled, config: subject.config };
}

function plain({ path, found, expected, hint }: Problem): Problem {
  return { path, found, expected, ...(hint === undefined ? {} : { hint }) };
}

/**
 * The places that a problem makes unreliable: the field it is in, whole, for half a field cannot be judged; and the field that an unknown name was
 * meant to be.
 */
function placesOf({ steps, meant }: LocatedProblem): string[] {
  const depth = steps[0] === "services" ? 3 : 2;
  const field = pathText(steps.slice(0, depth));
  return meant === undefined ? [field] : [field, pathText([...steps.slice(0, -1), meant].slice(0, depth))];
}

/** A copy without these places, and without what is `undefined`. */
function without(value: unknown, places: ReadonlySet<string>, path: Path = []): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value)
    .map(([key, each]) => [key, each, [...path, key]] as const)
    .filter(([, each, at]) => each !== undefined && !places.has(pathText(at)))
    .map(([key, each, at]) => [key, without(each, places, at)] as const);
  return Object.fromEntries(kept);
}

function unlessBroken(conflicts: readonly Conflict[], broken: ReadonlySet<string>): Conflict[] {
  const isBroken = (path: string): boolean => [...broken].some((place) => isWithin(path, place));
  return conflicts.filter(({ path, concerns = [] }) => ![path, ...concerns].some(isBroken));
}

/** Services that can be filled in: their kind is clear. */
function ofClearKind(services: Config["services"]): Config["services"] {
  return Object.fromEntries(
    Object.entries(services).filter(([, service]) => kindsOf(service).length === 1),
  ) as Config["services"];
}
