import { formatDuration, parseDuration } from "../kernel/index.ts";
import { defaults } from "./defaults.ts";
import { type FilledCache, fillCache, type FilledCompression, fillCompression } from "./fill-cache.ts";
import {
  type FilledGatewayLimits,
  type FilledLimit,
  type FilledOverload,
  fillGatewayLimits,
  fillLimits,
  fillOverload,
} from "./fill-limits.ts";
import type {
  Balance,
  CircuitOptions,
  CommandServiceOptions,
  Config,
  ControlOptions,
  DatabaseOptions,
  GatewayOptions,
  HealthOptions,
  RetryOptions,
  RoutedOptions,
  ScaleOptions,
  ServiceOptions,
  StaticOptions,
  TimeoutOptions,
  UrlServiceOptions,
} from "./options.ts";
import { databaseName } from "./project-name.ts";

/** The config in the words of its author, with nothing left out: what `tenfold config` prints. */
export interface FilledConfig {
  readonly name: string;
  readonly services: Readonly<Record<string, FilledService>>;
  readonly setup?: string | string[];
  readonly gateway: Required<Omit<GatewayOptions, "compression" | keyof FilledGatewayLimits>> &
    FilledGatewayLimits & { readonly compression: FilledCompression | false };
  /** What the environment says. */
  readonly redis?: ExternalRedis;
  readonly database: false | ExternalDatabase | Required<DatabaseOptions>;
  readonly control: Required<Omit<ControlOptions, "token">> & Pick<ControlOptions, "token">;
  readonly orphanGrace: string;
}

export type FilledService = FilledCommandService | FilledUrlService | FilledStaticService;

export type FilledHealth = false | (Required<Omit<HealthOptions, "path">> & Pick<HealthOptions, "path">);

interface FilledRouting extends Required<
  Omit<RoutedOptions, "health" | "retries" | "timeouts" | "circuit" | "sticky" | "cache" | "limits" | "overload">
> {
  readonly sticky: string | false;
  readonly health: FilledHealth;
  readonly retries: false | Required<RetryOptions>;
  readonly timeouts: Required<TimeoutOptions>;
  readonly circuit: Required<CircuitOptions>;
  readonly cache: FilledCache | false;
  readonly limits: Readonly<Record<string, FilledLimit>>;
  readonly overload: FilledOverload | false;
}

interface FilledCommandService
  extends FilledRouting, Required<Omit<CommandServiceOptions, keyof RoutedOptions | "urls" | "static" | "scale">> {
  readonly scale: Required<ScaleOptions>;
  readonly urls?: never;
  readonly static?: never;
}

interface FilledUrlService extends FilledRouting {
  readonly urls: UrlServiceOptions["urls"];
  readonly command?: never;
  readonly static?: never;
}

interface FilledStaticService extends Omit<FilledRouting, "balance" | "health" | "retries" | "circuit" | "overload"> {
  readonly static: Required<Omit<StaticOptions, "fallback">> & Pick<StaticOptions, "fallback">;
  readonly command?: never;
  readonly urls?: never;
}

/** What the environment says about the database. */
export interface ExternalDatabase {
  readonly url: string;
  readonly replicaUrls: readonly string[];
}

export interface ExternalRedis {
  readonly url: string;
}

/** What is not in the file. */
export interface Surroundings {
  readonly projectName: string;
  readonly database: ExternalDatabase | undefined;
  readonly redis?: ExternalRedis | undefined;
}

/** Fills in every default. @param written of the right shape, without `undefined` values; each service is of one kind */
export function fillConfig(written: Config, around: Surroundings): FilledConfig {
  const name = written.name ?? around.projectName;
  const gateway = {
    ...defaults.gateway,
    ...written.gateway,
    ...fillGatewayLimits(written.gateway ?? {}),
    compression: fillCompression(written.gateway?.compression),
  };
  const services = Object.entries(written.services).map(
    ([service, options]) => [service, fillService(service, options, gateway.balance)] as const,
  );
  return {
    name,
    services: Object.fromEntries(services),
    ...(written.setup === undefined ? {} : { setup: written.setup }),
    gateway,
    database: fillDatabase(written.database, databaseName(name), around.database),
    ...(around.redis === undefined ? {} : { redis: around.redis }),
    control: { ...defaults.control, ...written.control },
    orphanGrace: written.orphanGrace ?? defaults.orphanGrace,
  };
}

function fillDatabase(
  written: Config["database"],
  name: string,
  external: ExternalDatabase | undefined,
): FilledConfig["database"] {
  if (written === false) return false;
  return external ?? { ...defaults.database, name, ...written };
}

function fillService(name: string, options: ServiceOptions, balance: Balance): FilledService {
  const { sticky = defaults.service.sticky, retries } = options;
  const routing: FilledRouting = {
    // A second service without routes is refused by checks/routes.ts.
    routes: options.routes ?? ["/*"],
    balance: options.balance ?? balance,
    sticky: sticky === true ? `tenfold_${name}` : sticky,
    split: options.split ?? {},
    health: fillHealth(options.health),
    retries: retries === false ? false : { ...defaults.retries, ...retries },
    timeouts: { ...defaults.timeouts, ...options.timeouts },
    circuit: { ...defaults.circuit, ...options.circuit },
    cache: fillCache(options.cache, defaults.cache),
    limits: fillLimits(options.limits),
    overload: fillOverload(options.overload),
  };
  if (options.static !== undefined) {
    const { balance: _, health: __, retries: ___, circuit: ____, overload: _____, ...shared } = routing;
    const given = typeof options.static === "string" ? { directory: options.static } : options.static;
    return { static: { ...defaults.static, ...given }, ...shared };
  }
  if (options.urls !== undefined) return { urls: options.urls, ...routing };
  const { command, cwd = ".", env = {}, scale } = options;
  return {
    command,
    cwd,
    env,
    scale: fillScale(scale),
    drain: options.drain ?? defaults.commandService.drain,
    startTimeout: options.startTimeout ?? defaults.commandService.startTimeout,
    preload: options.preload ?? defaults.commandService.preload,
    ...routing,
  };
}

function fillScale({ min = defaults.scale.min, max }: ScaleOptions = {}): Required<ScaleOptions> {
  return { min, max: max ?? Math.max(min, defaults.scale.max) };
}

function fillHealth(written: HealthOptions | string | false | undefined): FilledHealth {
  if (written === false) return false;
  const given = typeof written === "string" ? { path: written } : { ...written };
  const interval = given.interval ?? defaults.health.interval;
  const timeoutMs = Math.min(parseDuration(defaults.health.timeout)!, parseDuration(interval)!);
  return { ...defaults.health, timeout: formatDuration(timeoutMs), ...given };
}
