import { basename, dirname, relative } from "node:path";
import { findConfigFile } from "./discover.ts";
import { readDatabaseUrls, readRedisUrl, variableOrigin } from "./engine-urls.ts";
import { type Environment, readEnvironment } from "./env-files.ts";
import { configInvalid } from "./errors.ts";
import { evaluateConfig } from "./evaluate.ts";
import type { FilledConfig } from "./fill.ts";
import type { Config } from "./options.ts";
import { type Leaf, leavesOf, type Origin, type Origins, traceOrigins } from "./origin.ts";
import type { Problem } from "./problem.ts";
import { projectName } from "./project-name.ts";
import type { ResolvedConfig } from "./resolved.ts";

export interface LoadOptions {
  readonly cwd: string;
  /** A config file, or a folder that has one, relative to `cwd`. Default: the nearest above. */
  readonly file?: string;
  /** Names the env files to read. Default: `NODE_ENV`, else `"development"`. */
  readonly mode?: string;
  /** The real environment. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  readonly overrides?: ConfigOverrides;
}

/** Flags of the command line: they win over the file. */
export interface ConfigOverrides {
  /** `--port` */
  readonly port?: number;
  /** `--host` */
  readonly host?: string;
  /** `--control-port` */
  readonly controlPort?: number;
}

export interface LoadedConfig {
  readonly config: ResolvedConfig;
  /** The config file, absolute. */
  readonly file: string;
  readonly mode: string;
  /** The real environment and what the env files add: what everything that Tenfold starts is given. */
  readonly environment: Readonly<Record<string, string>>;
  /** The config as its author would have written it with every default; see `explainConfig`. */
  readonly filled: FilledConfig;
  readonly origins: Origins;
  /** What the file says about the embedded database while `DATABASE_URL` names another. */
  readonly ignored: readonly Leaf[];
}

/**
 * Finds, runs and checks a config. Nothing has been started or changed when it throws.
 *
 * @throws CONFIG_INVALID with every problem in `facts.problems`; other CONFIG_* codes when there is no config to check
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const file = findConfigFile(options);
  const root = dirname(file);
  const real = options.env ?? process.env;
  const mode = options.mode ?? (real["NODE_ENV"] || "development");
  const environment = readEnvironment(root, mode, real);
  const exported = await evaluateConfig(file, environment.values);
  const { written, overlaid } = overlay(exported, options.overrides ?? {}, environment);

  const { database, problems: urlProblems } = readDatabaseUrls(environment);
  const { redis, problems: redisProblems } = readRedisUrl(environment);
  const ignoresDatabase = isObject(exported) && exported["database"] === false;
  const setting = { root, mode, projectName: projectName(root), environment: environment.values, database, redis };
  // Not before it is needed: whoever imports only `defineConfig` from the package, as each config does, need not load zod.
  const { validateConfig } = await import("./validate.ts");
  const validation = validateConfig(written, setting);
  const problems = [...(validation.problems ?? []), ...(ignoresDatabase ? [] : urlProblems), ...redisProblems];
  if (validation.problems !== undefined || problems.length > 0) {
    throw configInvalid(
      nameFrom(options.cwd, file),
      problems.map((problem) => nameOrigin(problem, overlaid)),
    );
  }
  const { config, filled } = validation;
  const origins = traceOrigins(filled, exported, overlaid, basename(file));
  const ignored =
    config.database.kind === "external"
      ? leavesOf((exported as Config).database ?? [], ["database"]).filter(({ path }) => path.length > 1)
      : [];
  return { config, file, mode, environment: environment.values, filled, origins, ignored };
}

/** Lays flags and variables over what the file says, and remembers where they came from. */
function overlay(
  exported: unknown,
  overrides: ConfigOverrides,
  environment: Environment,
): { written: unknown; overlaid: Origins } {
  const overlaid = new Map<string, Origin>();
  if (!isObject(exported)) return { written: exported, overlaid };
  const written: Record<string, unknown> = { ...exported };
  const put = (section: "gateway" | "control", key: string, value: unknown, origin: Origin): void => {
    if (value === undefined || value === "") return;
    const under = written[section] ?? {};
    if (!isObject(under)) return;
    written[section] = { ...under, [key]: value };
    overlaid.set(`${section}.${key}`, origin);
  };
  const token = "TENFOLD_CONTROL_TOKEN";
  put("control", "token", environment.values[token], variableOrigin(environment, token));
  put("gateway", "port", overrides.port, { kind: "flag", flag: "--port" });
  put("gateway", "host", overrides.host, { kind: "flag", flag: "--host" });
  put("control", "port", overrides.controlPort, { kind: "flag", flag: "--control-port" });
  overlaid.set("redis", variableOrigin(environment, "REDIS_URL"));
  overlaid.set("database.url", variableOrigin(environment, "DATABASE_URL"));
  if (environment.values["DATABASE_REPLICA_URLS"] !== undefined) {
    overlaid.set("database.replicaUrls", variableOrigin(environment, "DATABASE_REPLICA_URLS"));
  }
  return { written, overlaid };
}

/** A value that came by a flag or a variable is known to the user by that name. */
function nameOrigin(problem: Problem, overlaid: Origins): Problem {
  const origin = overlaid.get(problem.path);
  if (origin?.kind === "flag") return { ...problem, path: origin.flag };
  return origin?.kind === "environment" ? { ...problem, path: origin.variable } : problem;
}

/** A file as somebody in `cwd` would name it. */
function nameFrom(cwd: string, file: string): string {
  const path = relative(cwd, file);
  return path.startsWith("..") ? file : path;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
