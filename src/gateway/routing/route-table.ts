import type { ResolvedCache, ResolvedRoute } from "../../config/index.ts";
import { canonicalPath, compilePredicate, isPathPrefix, type Predicate } from "../../http/index.ts";
import type { LimitedPlace } from "../limits-port.ts";

/**
 * Which service takes a request. Routes are compiled once per snapshot; the most specific one that matches wins:
 *
 * 1. its exact host, before `*.` and the longest suffix, before any host;
 * 2. then its exact path, before the longest prefix;
 * 3. then the one with more further conditions (method, headers, cookies);
 * 4. then the one that stands first in the config.
 *
 * When a route's host and path match but its further conditions do not, the search goes on to the less specific ones. A
 * request that only its method keeps from a route is not answered 405: to know a path's methods is the service's business,
 * and the next route may well take it.
 *
 * Paths are compared in the spelling of `normalizePath` (http/path.ts), which the caller applies to the request's.
 *
 * Looking up allocates nothing, but for a suffix of the host when there are wildcard hosts. Prefixes are compared one after
 * another, the longest first, as services have dozens of them at most; most are ruled out by one character.
 */
export interface RoutedRequest {
  /** Lower case, without the port. */
  readonly host: string;
  /** Without the query; from `normalizePath`. */
  readonly path: string;
  readonly method: string;
  /** By its name in lower case. Called only when a route asks. */
  header(name: string): string | undefined;
}

/** One object per route and table: the same match is the same object. */
export interface RouteMatch {
  readonly service: string;
  readonly route: ResolvedRoute;
  /** Of the route, or else of its service. */
  readonly cache: ResolvedCache | false;
  /** Its place among its service's. */
  readonly index: number;
  readonly limited: LimitedPlace;
}

export interface RouteTable {
  match(request: RoutedRequest): RouteMatch | undefined;
}

interface CompiledRoute {
  readonly match: RouteMatch;
  readonly predicate: Predicate | undefined;
  readonly conditions: number;
}

/** The routes of one host. */
interface PathTable {
  readonly exact: ReadonlyMap<string, readonly CompiledRoute[]>;
  /** The longest first; `""` is the prefix of every path. */
  readonly prefixes: readonly { readonly prefix: string; readonly routes: readonly CompiledRoute[] }[];
}

type Services = Readonly<
  Record<string, { readonly routes: readonly ResolvedRoute[]; readonly cache?: ResolvedCache | false }>
>;

export function compileRoutes(services: Services): RouteTable {
  const matches = Object.entries(services).flatMap(([service, { routes, cache = false }]) =>
    routes.map((route, index): RouteMatch => ({
      service,
      route,
      index,
      cache: route.cache ?? cache,
      limited: { service, route: `${index}` },
    })),
  );
  const byHost = Map.groupBy(matches, ({ route }) => route.host ?? "*");
  const anyHost = compilePaths(byHost.get("*") ?? []);
  byHost.delete("*");
  const hosts = new Map([...byHost].map(([host, ofHost]) => [host, compilePaths(ofHost)]));
  const hasWildcards = [...hosts.keys()].some((host) => host.startsWith("*."));

  return {
    match(request) {
      if (hosts.size > 0) {
        const match = matchIn(hosts.get(request.host), request) ?? (hasWildcards ? matchWildcards(request) : undefined);
        if (match !== undefined) return match;
      }
      return matchIn(anyHost, request);
    },
  };

  /** From the longest suffix: `a.b.example.com` looks for `*.b.example.com`, then for `*.example.com`. */
  function matchWildcards(request: RoutedRequest): RouteMatch | undefined {
    const { host } = request;
    for (let dot = host.indexOf("."); dot !== -1; dot = host.indexOf(".", dot + 1)) {
      const match = dot === 0 ? undefined : matchIn(hosts.get(`*${host.slice(dot)}`), request);
      if (match !== undefined) return match;
    }
    return undefined;
  }
}

function compilePaths(matches: readonly RouteMatch[]): PathTable {
  const exact = Map.groupBy(
    matches.filter(({ route }) => route.path?.kind === "exact"),
    ({ route }) => canonicalPath(route.path!.value),
  );
  const prefixes = Map.groupBy(
    matches.filter(({ route }) => route.path?.kind !== "exact"),
    ({ route }) => canonicalPath(route.path?.value ?? "").replace(/\/$/, ""),
  );
  return {
    exact: new Map([...exact].map(([path, ofPath]) => [path, bySpecificity(ofPath)])),
    prefixes: [...prefixes]
      .map(([prefix, ofPrefix]) => ({ prefix, routes: bySpecificity(ofPrefix) }))
      .toSorted((a, b) => b.prefix.length - a.prefix.length),
  };
}

/** Sorting is stable: equals stay in the order of the config. */
function bySpecificity(matches: readonly RouteMatch[]): CompiledRoute[] {
  return matches
    .map((match): CompiledRoute => ({ match, ...compilePredicate(match.route) }))
    .toSorted((a, b) => b.conditions - a.conditions);
}

function matchIn(table: PathTable | undefined, request: RoutedRequest): RouteMatch | undefined {
  if (table === undefined) return undefined;
  const exact = table.exact.get(request.path);
  return (exact === undefined ? undefined : firstSatisfied(exact, request)) ?? matchPrefix(table, request);
}

function matchPrefix({ prefixes }: PathTable, request: RoutedRequest): RouteMatch | undefined {
  for (let i = 0; i < prefixes.length; i++) {
    const { prefix, routes } = prefixes[i]!;
    const match = isPathPrefix(prefix, request.path) ? firstSatisfied(routes, request) : undefined;
    if (match !== undefined) return match;
  }
  return undefined;
}

function firstSatisfied(routes: readonly CompiledRoute[], request: RoutedRequest): RouteMatch | undefined {
  for (let i = 0; i < routes.length; i++) {
    const { match, predicate } = routes[i]!;
    if (predicate === undefined || predicate(request)) return match;
  }
  return undefined;
}
