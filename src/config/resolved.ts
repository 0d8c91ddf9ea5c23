import type { Balance } from "./options.ts";
import type { ResolvedLimits, ResolvedOverload, RouteOverload } from "./resolved-limits.ts";

/** The config as the parts use it: every default filled in, units as numbers, paths absolute. Plain data. */
export interface ResolvedConfig {
  readonly name: string;
  /** Folder of the config file, absolute. */
  readonly root: string;
  readonly services: Readonly<Record<string, ResolvedService>>;
  readonly gateway: ResolvedGateway;
  readonly limits: ResolvedLimits;
  /** `REDIS_URL`. */
  readonly redis?: { readonly url: string };
  readonly database: ResolvedDatabase;
  readonly control: ResolvedControl;
  /** Program and arguments of the setup command, run in `root`. */
  readonly setup?: readonly string[];
  readonly orphanGraceMs: number;
}

export type ResolvedService = CommandService | UrlService | StaticService;

export interface RoutedService {
  readonly name: string;
  readonly routes: readonly ResolvedRoute[];
  readonly balance: ResolvedBalance;
  /** Name of the sticky cookie. */
  readonly sticky?: string;
  /** Service name → share of the requests, 0 to 1; the rest stays. */
  readonly split: Readonly<Record<string, number>>;
  readonly health: ResolvedHealth | false;
  readonly retries: ResolvedRetries | false;
  readonly timeouts: ResolvedTimeouts;
  readonly circuit: ResolvedCircuit;
  /** `false`: what it answers is not cached. */
  readonly cache: ResolvedCache | false;
  /** `false`: all it is asked is passed on. */
  readonly overload: ResolvedOverload | false;
}

export interface CommandService extends RoutedService {
  readonly kind: "command";
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly scale: { readonly min: number; readonly max: number };
  readonly drainMs: number;
  readonly startTimeoutMs: number;
  readonly preload: boolean;
}

export interface UrlService extends RoutedService {
  readonly kind: "urls";
  readonly urls: readonly { readonly url: string; readonly weight: number }[];
}

/** Files that the gateway serves: it has no instances, and nothing that could be unhealthy. */
export interface StaticService extends RoutedService {
  readonly kind: "static";
  readonly static: ResolvedStatic;
}

export interface ResolvedStatic {
  /** Absolute. */
  readonly directory: string;
  /** The path that it stands at: `"/"`, `"/app"`. */
  readonly base: string;
  readonly index: string | false;
  /** Below the directory, with slashes. */
  readonly fallback?: string;
  /** `true`: what has a hash in its name. */
  readonly immutable: boolean | readonly NonNullable<ResolvedRoute["path"]>[];
  readonly compress: boolean;
  readonly dotfiles: boolean;
}

/** All given conditions must hold. Routes are tried most specific first. */
export interface ResolvedRoute extends RouteOverload {
  readonly path?: { readonly kind: "exact" | "prefix"; readonly value: string };
  /** Lower case; `"*.example.com"` matches every subdomain, at any depth, but not `example.com`. */
  readonly host?: string;
  readonly methods?: readonly string[];
  /** Names in lower case; `true`: present. */
  readonly headers?: Readonly<Record<string, string | true>>;
  readonly cookies?: Readonly<Record<string, string | true>>;
  /** Instead of the service's. */
  readonly cache?: ResolvedCache | false;
}

/** What the gateway's cache does where origins say nothing, and by what it tells requests apart. */
export interface ResolvedCache {
  /** For answers that do not say for how long they are fresh; not given: these are not cached. */
  readonly ttlMs?: number;
  /** For answers that do not say so themselves. */
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  /** Answers that do not say for how long are fresh for a tenth of the time since Last-Modified, at most for so long. */
  readonly heuristicMaxMs?: number;
  /** Answers with Set-Cookie are stored, without it. */
  readonly stripSetCookie: boolean;
  /** Cookies change nothing of the answers. Else requests that have some are given only what says that it is for all. */
  readonly ignoresCookies: boolean;
  /** What else than the URL tells answers apart: names of request fields in lower case, and `cookie:<name>`. */
  readonly key: readonly string[];
}

export type ResolvedBalance =
  | { readonly algorithm: Exclude<Extract<Balance, string>, "consistent-hash"> }
  | { readonly algorithm: "consistent-hash"; readonly key: HashKey };

export type HashKey =
  | { readonly source: "ip" | "path" }
  | { readonly source: "header"; readonly name: string }
  | { readonly source: "cookie"; readonly name: string };

export interface ResolvedHealth {
  readonly path?: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly failures: number;
  readonly successes: number;
}

export interface ResolvedRetries {
  readonly attempts: number;
  /** 0 to 1. */
  readonly budget: number;
}

export interface ResolvedTimeouts {
  readonly connectMs: number;
  readonly responseMs: number;
  readonly idleMs: number;
  /** 0: no limit. */
  readonly totalMs: number;
}

export interface ResolvedCircuit {
  readonly maxRequests: number;
  readonly maxPending: number;
}

export interface ResolvedGateway {
  readonly port: number;
  readonly host: string;
  readonly trustedProxies: readonly string[];
  readonly maxHeadBytes: number;
  readonly maxBodyBytes: number;
  readonly headTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly accessLog: boolean;
  /** Gateway processes that share the port. */
  readonly processes: number;
  /** Plain requests pass on raw sockets. */
  readonly fastPath: boolean;
  /** Reads may share connections to instances of our own. */
  readonly pipelining: boolean;
  /** What the cache may hold, all gateway processes together. 0: there is none. */
  readonly cacheBytes: number;
  readonly compression: ResolvedCompression;
}

export interface ResolvedCompression {
  /** `shared`: what is stored for all, once. `everything`: answers for one client alone too, each time. */
  readonly of: "nothing" | "shared" | "everything";
  /** Media types in lower case, without parameters; `text/*` is all of a kind, `*+json` all with this suffix. */
  readonly types: readonly string[];
  readonly minBytes: number;
}

export type ResolvedDatabase =
  | { readonly kind: "none" }
  | { readonly kind: "external"; readonly url: string; readonly replicaUrls: readonly string[] }
  | {
      readonly kind: "embedded";
      readonly replicas: number;
      readonly name: string;
      readonly maxConnections: number;
      readonly port: number;
    };

export interface ResolvedControl {
  readonly port: number;
  readonly host: string;
  readonly token?: string;
}
