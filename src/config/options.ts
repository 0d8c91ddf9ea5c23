import type { CacheOptions, CompressionOptions } from "./cache-options.ts";
import type {
  ConcurrencyOptions,
  EventOptions,
  JwtOptions,
  LimitOptions,
  OverloadOptions,
  Priority,
  Rate,
  TierOptions,
} from "./limit-options.ts";

/**
 * The shape of `tenfold.config.ts`, as people write it: plain data, units as text. Every field but `services` has a
 * default. What the parts work with is {@link ResolvedConfig} in `resolved.ts`.
 */

/** `"250ms"`, `"5s"`, `"2m"`, `"1h"`, `"7d"`. */
export type Duration = string;
/** `"512B"`, `"16KiB"`, `"100MiB"`, `"1GB"`. */
export type Bytes = string;
/** `"70%"`. */
export type Percent = string;

export interface Config {
  /** The project's name. Default: the name in package.json, else the folder's. */
  name?: string;
  services: Record<string, ServiceOptions>;
  gateway?: GatewayOptions;
  /** `false`: no database, also when `DATABASE_URL` is set. What is given here is ignored when it is. Default: an embedded Postgres without replicas. */
  database?: DatabaseOptions | false;
  control?: ControlOptions;
  /**
   * Runs to its end once the database is up and before services start, in the config's folder and with the instances' environment: migrations, seeds.
   * Safe to run again: it runs on every `up` and `reload`. Split into words like `command`. Default: nothing.
   */
  setup?: string | string[];
  /** How long gateways, instances and engines serve on when the platform was killed. Default `"30s"`. */
  orphanGrace?: Duration;
}

export type ServiceOptions = CommandServiceOptions | UrlServiceOptions | StaticServiceOptions;

export interface RoutedOptions {
  /**
   * What the gateway sends here: path patterns (`"/api/*"` is a prefix, `"/healthz"` is exact), with or without a host before them
   * (`"api.example.com/v1/*"`), or matchers. Default: everything, when it is the
   * only service, or the only one without routes; `[]`: reachable for other services only.
   */
  routes?: (string | RouteOptions)[];
  balance?: Balance;
  /** Keeps a client on one instance, by a cookie of this name. `true`: `"tenfold_<service>"`. Default `false`. */
  sticky?: boolean | string;
  /** Sends a share of this service's requests to another service: a canary. `{ "api-next": "10%" }` */
  split?: Record<string, Percent>;
  health?: HealthOptions | string | false;
  retries?: RetryOptions | false;
  timeouts?: TimeoutOptions;
  circuit?: CircuitOptions;
  /**
   * What the gateway caches of its answers: what they say of themselves, by `Cache-Control` and the like, is obeyed; this is for those that say nothing.
   * A duration stands for `{ ttl }`. `false`: nothing is cached. Default: on, with nothing given.
   */
  cache?: CacheOptions | Duration | false;
  /** How many requests to it are let through, by name: `{ login: "5/minute per ip" }`. Those of the gateway hold too. Default: none. */
  limits?: Record<string, Rate | LimitOptions>;
  /** What is done when it is asked for more than it can do. `false`: all it is asked is passed on. Default: on. */
  overload?: OverloadOptions | false;
}

/** A service that Tenfold runs. */
export interface CommandServiceOptions extends RoutedOptions {
  /**
   * What listens on `$PORT`. Text is split into words as a shell would, but no shell runs it. Programs are looked for in `node_modules/.bin` of
   * its folder and those above, then on the PATH.
   */
  command: string | string[];
  /** Where the command runs, relative to the config file. Default: its folder. */
  cwd?: string;
  /** Added to the environment of each instance. `PORT` and `TENFOLD_…` are Tenfold's own. */
  env?: Record<string, string>;
  scale?: ScaleOptions;
  /** On SIGTERM an instance may finish what is in flight for this long. Default `"30s"`. */
  drain?: Duration;
  /** An instance that is not ready after this long has failed to start. Default `"60s"`. */
  startTimeout?: Duration;
  /** Loads `tenfold/instance` into Node processes: unix socket, graceful end, process figures. Default `true`. */
  preload?: boolean;
  urls?: never;
  static?: never;
}

/** A service that runs elsewhere. */
export interface UrlServiceOptions extends RoutedOptions {
  /** Where it answers, `http://host:port`; each may have a weight, 1 to 1000. Default weight 1. */
  urls: (string | { url: string; weight?: number })[];
  command?: never;
  static?: never;
}

/** A directory of files, which the gateway serves itself: there are no instances to balance, to check or to try again. */
export interface StaticServiceOptions extends RoutedOptions {
  /** The directory, relative to the config file, or more about it. A path is looked up in it whole: `/assets/app.js` is `assets/app.js` there. */
  static: string | StaticOptions;
  command?: never;
  urls?: never;
  balance?: never;
  health?: never;
  retries?: never;
  circuit?: never;
  overload?: never;
}

/**
 * Files are sent with strong ETags, in ranges, and compressed as the client wants it: `app.js.br`, `app.js.zst` or `app.js.gz` when it lies
 * beside `app.js` and is no older. Browsers ask each time whether a file has changed, unless it is immutable.
 */
export interface StaticOptions {
  /** Relative to the config file. */
  directory: string;
  /** The path that the directory stands at: with `"/app"`, `/app/main.js` is `main.js` there. Default `"/"`. */
  base?: string;
  /** The file that answers for a directory; `false`: none does. Default `"index.html"`. */
  index?: string | false;
  /** Answers, with 200, where a browser opens a page and no file is there: `"index.html"` for apps that route in the browser. Default: 404. */
  fallback?: string;
  /** What browsers keep for good: files whose names hold a hash of their content, or those at path patterns such as `["/_next/static/*"]`. Default `true`. */
  immutable?: boolean | string[];
  /** Compresses text when it was not compressed beforehand. Default `true`. */
  compress?: boolean;
  /** Serves files whose names begin with a dot; those in `.well-known` always are. Default `false`. */
  dotfiles?: boolean;
}

export interface RouteOptions {
  /** `"/api/*"`: this prefix; anything else: exactly this path. Default: every path. */
  path?: string;
  /** `"api.example.com"`, or `"*.example.com"` for every subdomain. Default: every host. */
  host?: string;
  /** `"GET"` or a list. Default: every method. */
  method?: string | string[];
  /** Every one named must be present and equal; `true`: present. */
  header?: Record<string, string | true>;
  /** Every one named must be present and equal; `true`: present. */
  cookie?: Record<string, string | true>;
  /** As at the service, from which this has what it does not say. `false`: nothing of this route is cached. Default: as the service. */
  cache?: CacheOptions | Duration | false;
  /** Who goes first when not all can: `"critical"`, `"normal"`, `"background"`. Default `"normal"`. */
  priority?: Priority;
  /** Requests of this route at once, or more about it. Default: no bound of its own. */
  concurrency?: number | ConcurrencyOptions;
  /** The service can do less for these: under pressure a share of them has the header `x-tenfold-brownout: 1`. Default `false`. */
  brownout?: boolean;
}

/** `"consistent-hash"` alone goes by the client's address. */
export type Balance =
  | "round-robin"
  | "weighted-round-robin"
  | "least-connections"
  | "p2c-ewma"
  | "ip-hash"
  | "consistent-hash"
  | { algorithm: "consistent-hash"; key: "ip" | "path" | { header: string } | { cookie: string } };

export interface ScaleOptions {
  /** Default 1. */
  min?: number;
  /** Default 16, or `min` when that is more. */
  max?: number;
}

export interface HealthOptions {
  /** Answers 200 to 399 when the instance can take requests. Not given: the port accepts connections. */
  path?: string;
  /** Default `"5s"`. */
  interval?: Duration;
  /** Default `"2s"`, at most the interval. */
  timeout?: Duration;
  /** So many in a row take it out of rotation. Default 3. */
  failures?: number;
  /** So many in a row bring it back. Default 2. */
  successes?: number;
}

export interface RetryOptions {
  /** Tries in all, the first included. Default 3. */
  attempts?: number;
  /** Retries may add this share to the requests of the last ten seconds (and always three). Default `"20%"`. */
  budget?: Percent;
}

export interface TimeoutOptions {
  /** Until the upstream accepts the connection. Default `"5s"`. */
  connect?: Duration;
  /** From the end of the request to the head of the answer. Default `"60s"`. */
  response?: Duration;
  /** Without a byte in either direction, once the answer has begun. Default `"60s"`; does not end upgraded connections. */
  idle?: Duration;
  /** The whole exchange; `"0s"`: no limit. Default `"0s"`, for downloads and event streams take what they take. */
  total?: Duration;
}

/** Bounds on what one upstream may be given; what exceeds them is answered 503 at once. */
export interface CircuitOptions {
  /** Requests in flight to one upstream. Default 1024. */
  maxRequests?: number;
  /** Requests that wait for a connection to one upstream. Default 1024. */
  maxPending?: number;
}

export interface GatewayOptions {
  /** Default 8080; 0: any free port. */
  port?: number;
  /** Default `"127.0.0.1"`. `"0.0.0.0"` serves the world. */
  host?: string;
  /** For services that do not say. Default `"least-connections"`. */
  balance?: Balance;
  /** Addresses or networks (`"10.0.0.0/8"`) whose `X-Forwarded-*` and `Forwarded` are believed. Default none. */
  trustedProxies?: string[];
  /** A larger request head is answered 431. Default `"16KiB"`. */
  maxHead?: Bytes;
  /** A larger request body is answered 413. Default `"100MiB"`. */
  maxBody?: Bytes;
  /** A client must have sent its whole head by then. Default `"10s"`. */
  headTimeout?: Duration;
  /** An idle client connection is closed. Default `"75s"`. */
  keepAliveTimeout?: Duration;
  /** Default `true`: one JSON line a request in `.tenfold/logs/access.log`. */
  accessLog?: boolean;
  /** Processes that share the port, each on a core of its own. Default 1. A change takes effect at the next start. */
  processes?: number;
  /** Default `true`: plain requests pass on raw sockets, and only the others through Node's HTTP server. */
  fastPath?: boolean;
  /** Default `true`: reads that come at once share connections to instances of your own, while these answer evenly fast. */
  pipelining?: boolean;
  /** What the HTTP cache may hold: all gateway processes of this machine share it evenly. `false` or `"0B"`: nothing is cached. Default `"64MiB"`. */
  cache?: Bytes | false;
  /** How many requests are let through, by name: `{ anonymous: "100/minute per ip" }`. Default: none. */
  limits?: Record<string, Rate | LimitOptions>;
  /** Callers for whom limits have other rates, the most trusted first. Default: none. */
  tiers?: Record<string, TierOptions>;
  /** Other rates for times that are known beforehand, by name. Default: none. */
  events?: Record<string, EventOptions>;
  /** How JWTs are verified; limits and tiers that go by claims need it. Default: none is. */
  jwt?: JwtOptions;
  /** What is compressed. `"everything"` costs CPU for each answer and may give secrets away; see its description. `false`: nothing. Default `"shared"`. */
  compression?: "shared" | "everything" | false | CompressionOptions;
}

export interface DatabaseOptions {
  /** Streaming replicas. Default 0. */
  replicas?: number;
  /** The database's name. Default: the project's. */
  name?: string;
  /** Default 100. */
  maxConnections?: number;
  /** The primary's port. Default 0: any free port, kept from then on. */
  port?: number;
}

export interface ControlOptions {
  /** Default 8081; 0: any free port. */
  port?: number;
  /** Default `"127.0.0.1"`. Elsewhere a token is needed. */
  host?: string;
  /** Callers must send it as `Authorization: Bearer …`. Taken from `TENFOLD_CONTROL_TOKEN` when that is set. */
  token?: string;
}

/** Returns the config unchanged, typed: for completion and checks in the editor. */
export function defineConfig(config: Config): Config {
  return config;
}
