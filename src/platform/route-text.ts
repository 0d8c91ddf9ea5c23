import type { ResolvedRoute } from "../config/index.ts";

/** A route for people: `"GET api.example.com/v1/*"`, and what else it asks for. */
export function routeText({ methods, host, path, headers, cookies }: ResolvedRoute): string {
  const where = `${host ?? ""}${path === undefined ? "/*" : path.kind === "prefix" ? `${path.value}/*` : path.value}`;
  const asked = [...conditions("header", headers), ...conditions("cookie", cookies)];
  return [...(methods === undefined ? [] : [methods.join("|")]), where, ...asked].join(" ");
}

function conditions(what: string, wanted: Readonly<Record<string, string | true>> = {}): string[] {
  return Object.entries(wanted).map(([name, value]) => `${what}:${name}${value === true ? "" : `=${value}`}`);
}
