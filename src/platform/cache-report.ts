import type { CacheOutcome, GatewayFigures } from "../gateway/index.ts";
import { explainPass } from "../httpcache/index.ts";

/** What the caches of all gateway processes together have done since these started. */
export interface CacheReport {
  /** What is stored; the same answer in several processes counts several times. */
  readonly answers: number;
  readonly bytes: number;
  /** Given up because there was no room. */
  readonly evicted: number;
  /** Of services that were asked for anything that could be cached. */
  readonly services: Readonly<Record<string, ServiceCacheReport>>;
  /** Requests that repeat and pass the caches by; those that would spare services most come first. */
  readonly worthCaching: readonly WorthCachingNext[];
}

export interface ServiceCacheReport {
  /** Requests that the cache was asked about, by what came of it. */
  readonly requests: Readonly<Record<CacheOutcome, number>>;
  /** The share of them for which the service was not asked. */
  readonly hitRatio: number;
}

export interface WorthCachingNext {
  readonly service: string;
  /** Without the query, and with `:id` for ids. */
  readonly path: string;
  /** At least so many, of about so many URLs. */
  readonly requests: number;
  readonly urls: number;
  /** To the head of an answer, on average; not there: not known. */
  readonly upstreamMs?: number;
  /** Why it is not cached: a name, and in words. */
  readonly reason: string;
  readonly what: string;
  readonly fix: string;
  /** The answers say so, and whoever let them will have had a reason. */
  readonly isDeliberate: boolean;
}

/** Without the service having been asked for this very request. */
const spared: readonly CacheOutcome[] = ["hit", "stale", "collapsed", "stand-in"];
const listed = 10;

/** @returns `undefined`: there is no cache */
export function cacheReport(gateways: Iterable<GatewayFigures>): CacheReport | undefined {
  const all = [...gateways].filter(({ cache }) => cache !== undefined);
  if (all.length === 0) return undefined;
  const sum = (count: (cache: NonNullable<GatewayFigures["cache"]>) => number): number =>
    all.reduce((total, { cache }) => total + count(cache!), 0);
  return {
    answers: sum(({ answers }) => answers),
    bytes: sum(({ bytes }) => bytes),
    evicted: sum(({ evicted }) => evicted),
    services: servicesOf(all),
    worthCaching: worthCachingOf(all),
  };
}

function servicesOf(gateways: readonly GatewayFigures[]): Record<string, ServiceCacheReport> {
  const all = new Map<string, Record<CacheOutcome, number>>();
  for (const { services } of gateways) {
    for (const [name, { cached }] of Object.entries(services)) {
      const total = all.get(name);
      if (total === undefined) all.set(name, { ...cached });
      else for (const outcome of Object.keys(cached) as CacheOutcome[]) total[outcome] += cached[outcome];
    }
  }
  const reports = [...all].map(([name, requests]) => [name, { requests, hitRatio: hitRatio(requests) }] as const);
  return Object.fromEntries(reports.filter(([, { hitRatio }]) => !Number.isNaN(hitRatio)));
}

/** `NaN` when nothing was asked. */
function hitRatio(requests: Readonly<Record<CacheOutcome, number>>): number {
  const asked = Object.values(requests).reduce((total, count) => total + count, 0);
  return spared.reduce((total, outcome) => total + requests[outcome], 0) / asked;
}

/** Processes that share a port see about the same URLs, and each a part of the requests. */
function worthCachingOf(gateways: readonly GatewayFigures[]): WorthCachingNext[] {
  const all = new Map<string, WorthCachingNext>();
  for (const { cache } of gateways) {
    for (const candidate of cache!.worthCaching ?? []) {
      const { service, path, reason, requests, urls, upstreamMs } = candidate;
      const name = `${reason} ${service} ${path}`;
      const before = all.get(name);
      const known = [
        ...(before?.upstreamMs === undefined ? [] : [[before.requests, before.upstreamMs] as const]),
        ...(upstreamMs === undefined ? [] : [[requests, upstreamMs] as const]),
      ];
      const weight = known.reduce((total, [count]) => total + count, 0);
      const mean = known.reduce((total, [count, ms]) => total + count * ms, 0) / weight;
      all.set(name, {
        service,
        path,
        reason,
        requests: requests + (before?.requests ?? 0),
        urls: Math.max(urls, before?.urls ?? 0),
        ...(weight === 0 ? {} : { upstreamMs: mean }),
        ...explainPass(reason),
      });
    }
  }
  return [...all.values()].toSorted((a, b) => sparedMs(b) - sparedMs(a)).slice(0, listed);
}

function sparedMs({ requests, urls, upstreamMs = 1 }: WorthCachingNext): number {
  return (requests - urls) * Math.max(1, upstreamMs);
}
