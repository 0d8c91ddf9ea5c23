import { parseDuration } from "../kernel/index.ts";
import { defaults } from "./defaults.ts";
import type { FilledConfig } from "./fill.ts";
import type { FilledLimit, FilledOverload } from "./fill-limits.ts";
import { parseInstant } from "./instant.ts";
import type { EventOptions, JwtOptions, TierOptions } from "./limit-options.ts";
import { isFault, type LimitText, parseLimitKey, parseLimitText } from "./limit-text.ts";
import type { RouteOptions } from "./options.ts";
import { readPublicKey } from "./public-key.ts";
import { quotaInstead } from "./quota.ts";
import type {
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
import type { ResolvedRoute } from "./resolved.ts";
import { toRoute } from "./route-pattern.ts";

/** What cannot be is left as if it had not been said: checks/limits.ts says that it cannot. */
export function resolveLimits({ gateway, services }: FilledConfig, root: string): ResolvedLimits {
  const limits = [
    ...Object.entries(gateway.limits).map(([name, limit]) => resolveLimit(name, limit)),
    ...Object.entries(services).flatMap(([service, { limits }]) =>
      Object.entries(limits).map(([name, limit]) => resolveLimit(name, limit, service)),
    ),
  ];
  const jwt = gateway.jwt === undefined ? undefined : resolveJwt(gateway.jwt, root);
  return {
    limits,
    tiers: Object.entries(gateway.tiers).map(([name, tier]) => resolveTier(name, tier)),
    ...(jwt === undefined ? {} : { jwt }),
    adjustments: Object.entries(gateway.events).flatMap(([name, event]) => resolveEvent(name, event, limits)),
  };
}

function resolveLimit(name: string, filled: FilledLimit, service?: string): ResolvedLimit {
  const { quota: said, per } = parseLimitText(filled.rate) as LimitText;
  const quota = quotaOf(said, filled);
  const byRoute = typeof filled.weight === "number" ? {} : filled.weight;
  return {
    name,
    ...(service === undefined ? {} : { service }),
    routes: filled.routes.map(toRoute),
    quota,
    per: unique([...per, ...(filled.per ?? []).map((key) => parseLimitKey(key) as LimitKeySource)]),
    weights: Object.entries(byRoute)
      .map(([route, weight]) => ({ route: toRoute(route), weight }))
      .toSorted((a, b) => compareSpecificity(a.route, b.route)),
    weight: typeof filled.weight === "number" ? filled.weight : defaults.limit.weight,
    tiers: Object.fromEntries(
      Object.entries(filled.tiers).map(([tier, rate]) => [tier, orOwn(quotaInstead(rate, quota), quota)]),
    ),
    mode: filled.mode,
    whenAway: filled.whenAway,
    maxKeys: filled.maxKeys,
  };
}

function quotaOf(
  { count, windowMs, algorithm: asSaid, burst: inText }: Quota,
  { algorithm, burst }: FilledLimit,
): Quota {
  if (algorithm === "sliding-window") return { algorithm, count, windowMs, burst: count };
  return { algorithm, count, windowMs, burst: burst ?? (asSaid === "gcra" ? inText : count) };
}

function orOwn(quota: ReturnType<typeof quotaInstead>, own: Quota): Quota | "unlimited" {
  return typeof quota === "object" && isFault(quota) ? own : quota;
}

function unique(keys: readonly LimitKeySource[]): LimitKeySource[] {
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}

/** As routes of services: the exact host first, then the exact path, then the longest prefix. */
function compareSpecificity(a: ResolvedRoute, b: ResolvedRoute): number {
  const ranks = ({ host, path }: ResolvedRoute): number[] => [
    host === undefined ? 0 : host.startsWith("*.") ? host.length : 1_000,
    Number(path?.kind === "exact"),
    path?.value.length ?? -1,
  ];
  const ofB = ranks(b);
  return (
    ranks(a)
      .map((rank, index) => ofB[index]! - rank)
      .find((difference) => difference !== 0) ?? 0
  );
}

function resolveTier(name: string, { ip = [], header = {}, claim = {} }: TierOptions): ResolvedTier {
  const lists = (values: Readonly<Record<string, string | string[]>>, spell: (name: string) => string) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [spell(key), [value].flat()]));
  return {
    name,
    ips: [ip].flat(),
    headers: lists(header, (key) => key.toLowerCase()),
    claims: lists(claim, (key) => key),
  };
}

function resolveEvent(
  event: string,
  { from, until, limits }: EventOptions,
  known: readonly ResolvedLimit[],
): LimitAdjustment[] {
  const times = { from: parseInstant(from)!, until: parseInstant(until)!, event };
  return Object.entries(limits).flatMap(([target, rate]) => {
    const found = findTarget(target, known);
    if (found === undefined) return [];
    const { limit, tier } = found;
    const quota = orOwn(quotaInstead(rate, limit.quota), limit.quota);
    return [{ limit: limit.name, ...(tier === undefined ? {} : { tier }), quota, ...times }];
  });
}

/** What `"<limit>"` or `"<limit>/<tier>"` means; `undefined`: there is none. */
export function findTarget(
  target: string,
  limits: readonly ResolvedLimit[],
): { readonly limit: ResolvedLimit; readonly tier?: string } | undefined {
  const [name = "", tier, ...more] = target.split("/");
  const limit = limits.find((each) => each.name === name);
  if (limit === undefined || more.length > 0) return undefined;
  if (tier === undefined) return { limit };
  return Object.hasOwn(limit.tiers, tier) ? { limit, tier } : undefined;
}

function resolveJwt(jwt: JwtOptions, root: string): ResolvedJwt | undefined {
  const key = keyOf(jwt, root);
  if (key === undefined) return undefined;
  const { issuer, audience, algorithms, header = defaults.jwt.header, cookie } = jwt;
  return {
    key,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience: [audience].flat() }),
    ...(algorithms === undefined ? {} : { algorithms }),
    from: cookie === undefined ? { kind: "header", name: header.toLowerCase() } : { kind: "cookie", name: cookie },
  };
}

function keyOf({ secret, publicKey, jwks }: JwtOptions, root: string): ResolvedJwt["key"] | undefined {
  if (secret !== undefined) return { kind: "secret", secret };
  if (jwks !== undefined) return { kind: "jwks", url: jwks };
  const read = publicKey === undefined ? undefined : readPublicKey(publicKey, root);
  return read !== undefined && "pem" in read ? { kind: "public", pem: read.pem } : undefined;
}

export function resolveOverload(filled: FilledOverload | false): ResolvedOverload | false {
  if (filled === false) return false;
  const { concurrency, queue, queueTimeout, deadlineHeader } = filled;
  return {
    concurrency,
    queue,
    queueTimeoutMs: parseDuration(queueTimeout)!,
    ...(deadlineHeader === false ? {} : { deadlineHeader: deadlineHeader.toLowerCase() }),
  };
}

export function resolveRouteOverload({ priority, concurrency, brownout }: RouteOptions): RouteOverload {
  const bound = concurrency !== undefined && {
    ...defaults.routeConcurrency,
    ...(typeof concurrency === "number" ? { max: concurrency } : concurrency),
  };
  return {
    ...(priority === undefined || priority === defaults.route.priority ? {} : { priority }),
    ...(bound === false
      ? {}
      : { concurrency: { max: bound.max, queue: bound.queue, queueTimeoutMs: parseDuration(bound.queueTimeout)! } }),
    ...(brownout === true ? { brownout } : {}),
  };
}
