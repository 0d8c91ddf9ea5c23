import type { ResolvedRoute } from "../resolved.ts";
import type { Check, Conflict } from "./check.ts";

/**
 * Two services must not claim the same requests by the same conditions: neither would be more specific, and which one answers would be chance. Within one
 * service it does no harm, unless other things are said of them (cache.ts, overload.ts).
 */
export const checkRoutes: Check = ({ config, written }) => {
  const silent = Object.keys(written.services).filter((name) => written.services[name]!.routes === undefined);
  const claims = Object.values(config.services).flatMap(({ name, routes }) => {
    if (silent.length > 1 && silent.includes(name)) return [];
    return routes.map((route, index) => ({
      name,
      route,
      path: `services.${name}.routes${silent.includes(name) ? "" : `[${index}]`}`,
    }));
  });
  const conflicts = claims.flatMap((claim, index): Conflict[] => {
    const rival = claims
      .slice(0, index)
      .find(({ name, route }) => name !== claim.name && isAmbiguous(route, claim.route));
    if (rival === undefined) return [];
    const isSilent = silent.includes(claim.name);
    return [
      {
        path: claim.path,
        found: `${isSilent ? "no routes, so " : ""}${routeText(claim.route)}, which ${rival.path} claims too`,
        expected: "each route at one service",
        hint: `change one of them${isSilent || silent.includes(rival.name) ? ", or write routes: [] at one that only other services call" : ", or share by split"}`,
        concerns: [`services.${rival.name}.routes`],
      },
    ];
  });
  return silent.length > 1 ? [...tooSilent(silent), ...conflicts] : conflicts;
};

function tooSilent(names: readonly string[]): Conflict[] {
  return [
    {
      path: `services.${names[1]}.routes`,
      found: `no routes, as at ${names
        .filter((_, index) => index !== 1)
        .map((name) => `"${name}"`)
        .join(", ")}: each would get every request`,
      expected: "at most one service without routes",
      hint: 'give them routes such as ["/api/*"], or routes: [] to those that only other services call',
      concerns: names.map((name) => `services.${name}.routes`),
    },
  ];
}

/** The same conditions, and a method that fits both. */
export function isAmbiguous(a: ResolvedRoute, b: ResolvedRoute): boolean {
  const { methods: methodsOfA, ...restOfA } = conditionsOf(a);
  const { methods: methodsOfB, ...restOfB } = conditionsOf(b);
  if ((methodsOfA === undefined) !== (methodsOfB === undefined)) return false;
  const overlap = methodsOfA === undefined || methodsOfA.some((method) => methodsOfB!.includes(method));
  return overlap && canonical(restOfA) === canonical(restOfB);
}

/** Without what is said of its requests. */
function conditionsOf({ cache: _, priority: __, concurrency: ___, brownout: ____, ...conditions }: ResolvedRoute) {
  return conditions;
}

/** JSON with names in order. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, each]) => `${name}:${canonical(each)}`).join()}}`;
}

/** A route in words: `"GET, HEAD api.example.com/v1/* with header x-canary"`. */
export function routeText({ path, host, methods, headers, cookies }: ResolvedRoute): string {
  const where = path === undefined ? "/*" : `${path.value}${path.kind === "prefix" ? "/*" : ""}`;
  const named = (kind: string, record: Readonly<Record<string, string | true>> | undefined): string =>
    record === undefined ? "" : ` with ${kind} ${Object.keys(record).join(", ")}`;
  const method = methods === undefined ? "" : `${methods.join(", ")} `;
  return `${method}${host ?? ""}${where}${named("header", headers)}${named("cookie", cookies)}`;
}
