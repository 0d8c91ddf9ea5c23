import type { ResolvedRoute } from "../config/index.ts";
import { canonicalPath, compilePredicate, isPathPrefix } from "../http/index.ts";
import type { LimitedRequest } from "./limited-request.ts";

export type RouteMatch = (request: LimitedRequest) => boolean;

/** Whether a request is one of this route, by the same rules as those that find its service, but for spellings of its path. */
export function compileRouteMatch(route: ResolvedRoute): RouteMatch {
  const { host, path } = route;
  const isHost = host === undefined ? undefined : compileHost(host);
  const isPath = path === undefined ? undefined : compilePath(path);
  const { predicate } = compilePredicate(route);
  return (request) =>
    (isPath === undefined || isPath(request.path)) &&
    (isHost === undefined || isHost(request.host)) &&
    (predicate === undefined || predicate(request));
}

/** One of them; of none: every request. */
export function compileRouteMatches(routes: readonly ResolvedRoute[]): RouteMatch {
  const matches = routes.map(compileRouteMatch);
  if (matches.length === 0) return () => true;
  return matches.length === 1 ? matches[0]! : (request) => matches.some((isMatch) => isMatch(request));
}

function compileHost(host: string): (host: string) => boolean {
  if (!host.startsWith("*.")) return (found) => found === host;
  const suffix = host.slice(1);
  return (found) => found.length > suffix.length && found.endsWith(suffix);
}

/**
 * Many apps, such as Express unless told otherwise, mind neither case nor a slash at the end. Where the gateway sends all of them to the same service, a
 * limit must concern all of them: `/Login` is no way around the limit of `/login`.
 */
function compilePath({ kind, value }: NonNullable<ResolvedRoute["path"]>): (path: string) => boolean {
  const path = loosely(canonicalPath(value));
  if (kind === "exact") return (found) => loosely(found) === path;
  return (found) => isPathPrefix(path, found.toLowerCase());
}

function loosely(path: string): string {
  return (path.endsWith("/") ? path.slice(0, -1) : path).toLowerCase();
}
