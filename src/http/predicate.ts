import { findCookie } from "./cookies.ts";

/** What of a request the conditions beyond host and path look at. */
export interface PredicateRequest {
  readonly method: string;
  header(name: string): string | undefined;
}

/** Of a request; all must hold. */
export interface Conditions {
  readonly methods?: readonly string[];
  /** Names in lower case; `true`: present. */
  readonly headers?: Readonly<Record<string, string | true>>;
  readonly cookies?: Readonly<Record<string, string | true>>;
}

export type Predicate = (request: PredicateRequest) => boolean;

interface Condition {
  readonly name: string;
  readonly value: string | true;
}

/**
 * The method, header and cookie conditions of a route as one function; `undefined` when it has none. What is for GET is for
 * HEAD too, as that asks for the same answer without its body (RFC 9110, section 9.3.2). Values are compared exactly.
 */
export function compilePredicate(route: Conditions): {
  readonly predicate: Predicate | undefined;
  /** How many, the methods counting as one. */
  readonly conditions: number;
} {
  const methods = route.methods === undefined ? undefined : withHead(route.methods);
  const headers = toConditions(route.headers);
  const cookies = toConditions(route.cookies);
  const conditions = (methods === undefined ? 0 : 1) + headers.length + cookies.length;
  if (conditions === 0) return { predicate: undefined, conditions };

  const predicate: Predicate = (request) => {
    if (methods !== undefined && !methods.has(request.method)) return false;
    for (const condition of headers) if (!holds(condition, request.header(condition.name))) return false;
    if (cookies.length === 0) return true;
    const cookieHeader = request.header("cookie");
    if (cookieHeader === undefined) return false;
    for (const condition of cookies) if (!holds(condition, findCookie(cookieHeader, condition.name))) return false;
    return true;
  };
  return { predicate, conditions };
}

function withHead(methods: readonly string[]): ReadonlySet<string> {
  return new Set(methods.includes("GET") ? [...methods, "HEAD"] : methods);
}

function toConditions(wanted: Readonly<Record<string, string | true>> = {}): readonly Condition[] {
  return Object.entries(wanted).map(([name, value]) => ({ name, value }));
}

function holds(condition: Condition, found: string | undefined): boolean {
  return condition.value === true ? found !== undefined : found === condition.value;
}
