import type { ResolvedCache, ResolvedTimeouts } from "../../../src/config/index.ts";
import { Gateway, type Snapshot } from "../../../src/gateway/index.ts";
import { HttpCache } from "../../../src/httpcache/index.ts";
import type { Clock } from "../../../src/kernel/index.ts";
import { snapshotOf, upstream } from "../gateway-fixtures.ts";

export interface CachingGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly cache: HttpCache;
  readonly port: number;
}

export interface CachingOptions {
  readonly clock?: Clock;
  /** Default: the fast path with the full path behind it. */
  readonly fastPath?: boolean;
  readonly rules?: Partial<ResolvedCache>;
  readonly cacheBytes?: number;
  readonly settings?: Partial<Snapshot["settings"]>;
  readonly timeouts?: ResolvedTimeouts;
}

const plainRules: ResolvedCache = {
  staleWhileRevalidateMs: 0,
  staleIfErrorMs: 0,
  stripSetCookie: false,
  ignoresCookies: false,
  key: [],
};

/** A gateway with a cache of its own before one origin. */
export async function startCachingGateway(originPort: number, options: CachingOptions = {}): Promise<CachingGateway> {
  const { clock, fastPath = true, rules, cacheBytes = 64 * 1024 * 1024, settings, timeouts } = options;
  const cache = new HttpCache({ maxBytes: cacheBytes, ...(clock === undefined ? {} : { now: () => clock.now() }) });
  const gateway = new Gateway({ cache, ...(clock === undefined ? {} : { clock }) });
  await gateway.start(
    snapshotOf({
      upstreams: [upstream("api-1", originPort)],
      service: { cache: { ...plainRules, ...rules }, ...(timeouts === undefined ? {} : { timeouts }) },
      settings: { fastPath, cacheBytes, ...settings },
    }),
  );
  return { gateway, cache, port: gateway.addresses()[0]!.port, [Symbol.asyncDispose]: () => gateway.stop() };
}
