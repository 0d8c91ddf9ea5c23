export type { CacheOptions, CompressionOptions } from "./cache-options.ts";
export { urlVariable } from "./checks/service-names.ts";
export { type CommandWords, splitCommand } from "./command-line.ts";
export { findConfigFile, type Whereabouts } from "./discover.ts";
export { env } from "./env.ts";
export { configInvalid } from "./errors.ts";
export { type ExplainedValue, explainConfig, formatExplained } from "./explain.ts";
export { parseInstant } from "./instant.ts";
export { type ConfigOverrides, loadConfig, type LoadedConfig, type LoadOptions } from "./load.ts";
export {
  type Balance,
  type Bytes,
  type CircuitOptions,
  type CommandServiceOptions,
  type Config,
  type ControlOptions,
  type DatabaseOptions,
  defineConfig,
  type Duration,
  type GatewayOptions,
  type HealthOptions,
  type Percent,
  type RetryOptions,
  type RouteOptions,
  type ScaleOptions,
  type ServiceOptions,
  type StaticOptions,
  type StaticServiceOptions,
  type TimeoutOptions,
  type UrlServiceOptions,
} from "./options.ts";
export type {
  ConcurrencyOptions,
  EventOptions,
  JwtOptions,
  LimitKey,
  LimitOptions,
  OverloadOptions,
  Priority,
  Rate,
  TierOptions,
} from "./limit-options.ts";
export { isFault, type LimitText, parseLimitKey, parseLimitText, parseRate } from "./limit-text.ts";
export type { Origin, Origins } from "./origin.ts";
export { findPortHolders, type PortHolder } from "./port-holder.ts";
export { checkPorts, type PortCheckOptions } from "./ports.ts";
export { formatProblems, type Problem } from "./problem.ts";
export { findProgram, searchPath } from "./program-path.ts";
export { formatRate, heaviestOf, quotaInstead } from "./quota.ts";
export { findTarget } from "./resolve-limits.ts";
export type {
  LimitAdjustment,
  LimitKeySource,
  Quota,
  ResolvedJwt,
  ResolvedLimit,
  ResolvedLimits,
  ResolvedOverload,
  ResolvedTier,
  RouteOverload,
} from "./resolved-limits.ts";
export type {
  CommandService,
  HashKey,
  ResolvedBalance,
  ResolvedCache,
  ResolvedCircuit,
  ResolvedCompression,
  ResolvedConfig,
  ResolvedControl,
  ResolvedDatabase,
  ResolvedGateway,
  ResolvedHealth,
  ResolvedRetries,
  ResolvedRoute,
  ResolvedService,
  ResolvedStatic,
  ResolvedTimeouts,
  StaticService,
  UrlService,
} from "./resolved.ts";
