import { isHostPattern } from "./host-name.ts";
import type { RouteOptions } from "./options.ts";
import type { ResolvedRoute } from "./resolved.ts";

/** Why a pattern is refused. */
export interface PatternFault {
  readonly fault: string;
}

type PathCondition = NonNullable<ResolvedRoute["path"]>;

/**
 * `"/api/*"` → everything under `/api`, and `/api` itself; `"/healthz"` → exactly this; `"/*"` and `"*"` → `undefined`: every path.
 */
export function parsePathPattern(text: string): PathCondition | undefined | PatternFault {
  if (text === "*" || text === "/*") return undefined;
  if (!text.startsWith("/")) return { fault: `a path such as "/api/*" or "/healthz", beginning with "/"` };
  if (!/^[!-~]*$/.test(text))
    return { fault: "a path of printable ASCII letters: others percent-encoded, as browsers send them" };
  if (/[?#]/.test(text)) return { fault: "a path alone: a query or fragment cannot be matched" };
  if (/(^|\/)\.{1,2}(\/|$)/.test(text)) return { fault: "a path without . and .. steps: clients remove them" };
  const isPrefix = text.endsWith("/*");
  const value = isPrefix ? text.slice(0, -2) : text;
  if (value.includes("*")) return { fault: `"*" only as the last step: "/api/*"` };
  return { kind: isPrefix ? "prefix" : "exact", value };
}

/** Whether a directory can stand at this path: `"/"`, `"/app"`. */
export function isBase(text: string): boolean {
  const pattern = parsePathPattern(text);
  return pattern !== undefined && !("fault" in pattern) && pattern.kind === "exact" && !/%|\/\/|\\/.test(text);
}

/** The text form of a route: a path, or a host and a path: `"api.example.com/v1/*"`. */
export function parseRouteText(text: string): RouteOptions | PatternFault {
  if (text === "*" || text.startsWith("/")) return checked({ path: text });
  const slash = text.indexOf("/");
  const host = slash === -1 ? text : text.slice(0, slash);
  // A first step without a dot is far more often a path whose slash was forgotten.
  if (!isHostPattern(host) || !(host.includes(".") || host === "localhost")) {
    return { fault: `a path such as "/api/*", or a host and a path such as "api.example.com/v1/*"` };
  }
  return checked(slash === -1 ? { host } : { host, path: text.slice(slash) });
}

function checked(route: RouteOptions): RouteOptions | PatternFault {
  const parsed = route.path === undefined ? undefined : parsePathPattern(route.path);
  return parsed !== undefined && "fault" in parsed ? parsed : route;
}

/** @param options checked before */
export function toRoute(options: string | RouteOptions): ResolvedRoute {
  const { path, host, method, header, cookie } =
    typeof options === "string" ? (parseRouteText(options) as RouteOptions) : options;
  const parsed = path === undefined ? undefined : (parsePathPattern(path) as PathCondition | undefined);
  return {
    ...(parsed === undefined ? {} : { path: parsed }),
    ...(host === undefined ? {} : { host: host.toLowerCase() }),
    ...(method === undefined ? {} : { methods: [method].flat() }),
    ...(header === undefined ? {} : { headers: lowerCaseNames(header) }),
    ...(cookie === undefined ? {} : { cookies: cookie }),
  };
}

function lowerCaseNames<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]));
}
