import { resolve as resolvePath } from "node:path";
import { parseBytes, parseDuration, parsePercent } from "../kernel/index.ts";
import { splitCommand } from "./command-line.ts";
import type { FilledConfig, FilledService } from "./fill.ts";
import type { Balance, RouteOptions } from "./options.ts";
import { resolveCache, resolveCompression, resolveRouteCache } from "./resolve-cache.ts";
import { resolveLimits, resolveOverload, resolveRouteOverload } from "./resolve-limits.ts";
import { resolveStatic, withoutInstances } from "./resolve-static.ts";
import type { ResolvedBalance, ResolvedConfig, ResolvedRoute, ResolvedService } from "./resolved.ts";
import { toRoute } from "./route-pattern.ts";

/** Units to numbers, text to its parts, paths absolute. @param filled of the right shape: everything in it can be read */
export function resolveConfig(filled: FilledConfig, root: string): ResolvedConfig {
  const { gateway, control } = filled;
  const services = Object.entries(filled.services).map(([name, service]) => [
    name,
    resolveService(name, service, root),
  ]);
  return {
    name: filled.name,
    root,
    services: Object.fromEntries(services) as Record<string, ResolvedService>,
    ...(filled.setup === undefined ? {} : { setup: toWords(filled.setup) }),
    gateway: {
      port: gateway.port,
      host: gateway.host,
      trustedProxies: gateway.trustedProxies,
      maxHeadBytes: parseBytes(gateway.maxHead)!,
      maxBodyBytes: parseBytes(gateway.maxBody)!,
      headTimeoutMs: toMs(gateway.headTimeout),
      keepAliveTimeoutMs: toMs(gateway.keepAliveTimeout),
      accessLog: gateway.accessLog,
      processes: gateway.processes,
      fastPath: gateway.fastPath,
      pipelining: gateway.pipelining,
      cacheBytes: gateway.cache === false ? 0 : parseBytes(gateway.cache)!,
      compression: resolveCompression(gateway.compression),
    },
    limits: resolveLimits(filled, root),
    ...(filled.redis === undefined ? {} : { redis: filled.redis }),
    database: resolveDatabase(filled.database),
    control,
    orphanGraceMs: toMs(filled.orphanGrace),
  };
}

function resolveDatabase(filled: FilledConfig["database"]): ResolvedConfig["database"] {
  if (filled === false) return { kind: "none" };
  return "url" in filled ? { kind: "external", ...filled } : { kind: "embedded", ...filled };
}

function resolveService(name: string, service: FilledService, root: string): ResolvedService {
  const { balance, health, retries, circuit } = service.static === undefined ? service : withoutInstances;
  const { timeouts, sticky } = service;
  const routing = {
    name,
    routes: service.routes.map((route) => resolveRoute(route, service.cache)),
    balance: toBalance(balance),
    ...(sticky === false ? {} : { sticky }),
    split: Object.fromEntries(Object.entries(service.split).map(([target, share]) => [target, parsePercent(share)!])),
    health: health !== false && {
      ...(health.path === undefined ? {} : { path: health.path }),
      intervalMs: toMs(health.interval),
      timeoutMs: toMs(health.timeout),
      failures: health.failures,
      successes: health.successes,
    },
    retries: retries !== false && { attempts: retries.attempts, budget: parsePercent(retries.budget)! },
    timeouts: {
      connectMs: toMs(timeouts.connect),
      responseMs: toMs(timeouts.response),
      idleMs: toMs(timeouts.idle),
      totalMs: toMs(timeouts.total),
    },
    circuit: circuit,
    cache: resolveCache(service.cache),
    overload: service.static === undefined && resolveOverload(service.overload),
  };
  if (service.static !== undefined) {
    return { kind: "static", ...routing, static: resolveStatic(service.static, root) };
  }
  if (service.urls !== undefined) return { kind: "urls", ...routing, urls: service.urls.map(toUpstream) };
  return {
    kind: "command",
    ...routing,
    command: toWords(service.command),
    cwd: resolvePath(root, service.cwd),
    env: service.env,
    scale: service.scale,
    drainMs: toMs(service.drain),
    startTimeoutMs: toMs(service.startTimeout),
    preload: service.preload,
  };
}

function resolveRoute(written: string | RouteOptions, ofService: FilledService["cache"]): ResolvedRoute {
  const route = toRoute(written);
  if (typeof written === "string") return route;
  return {
    ...route,
    ...(written.cache === undefined ? {} : { cache: resolveRouteCache(written.cache, ofService) }),
    ...resolveRouteOverload(written),
  };
}

function toBalance(balance: Balance): ResolvedBalance {
  if (balance === "consistent-hash") return { algorithm: balance, key: { source: "ip" } };
  if (typeof balance === "string") return { algorithm: balance };
  const { key } = balance;
  if (typeof key === "string") return { algorithm: "consistent-hash", key: { source: key } };
  return {
    algorithm: "consistent-hash",
    key:
      "header" in key ? { source: "header", name: key.header.toLowerCase() } : { source: "cookie", name: key.cookie },
  };
}

function toUpstream(upstream: string | { url: string; weight?: number }): { url: string; weight: number } {
  const { url, weight = 1 } = typeof upstream === "string" ? { url: upstream } : upstream;
  return { url: new URL(url).origin, weight };
}

function toWords(command: string | readonly string[]): readonly string[] {
  return typeof command === "string" ? splitCommand(command).words! : command;
}

function toMs(duration: string): number {
  return parseDuration(duration)!;
}
