import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { defaults } from "./defaults.ts";

/** Interface → where its defaults are. */
const sections: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Config: { orphanGrace: defaults.orphanGrace },
  RoutedOptions: defaults.service,
  CommandServiceOptions: defaults.commandService,
  StaticOptions: defaults.static,
  ScaleOptions: defaults.scale,
  HealthOptions: defaults.health,
  RetryOptions: defaults.retries,
  TimeoutOptions: defaults.timeouts,
  CircuitOptions: defaults.circuit,
  CacheOptions: defaults.cache,
  CompressionOptions: defaults.compression,
  GatewayOptions: defaults.gateway,
  LimitOptions: defaults.limit,
  JwtOptions: defaults.jwt,
  OverloadOptions: defaults.overload,
  RouteOptions: defaults.route,
  ConcurrencyOptions: defaults.routeConcurrency,
  DatabaseOptions: defaults.database,
  ControlOptions: defaults.control,
};

const source = ["options.ts", "cache-options.ts", "limit-options.ts"]
  .map((file) => readFileSync(join(import.meta.dirname, file), "utf8"))
  .join("\n");

/** `"Interface.field"` → the value that its docstring gives after "Default". */
function documentedDefaults(): Map<string, unknown> {
  const documented = new Map<string, unknown>();
  for (const [, name, body] of source.matchAll(/export interface (\w+)[^{]*\{\n(.*?)\n\}/gs)) {
    for (const [, comment, field] of body!.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\n  (\w+)\??:/gs)) {
      const value = /Default(?:\s+\*)? (`[^`]+`|\d+)/.exec(comment!)?.[1];
      if (value !== undefined) documented.set(`${name}.${field}`, JSON.parse(value.replaceAll("`", "")));
      else if (/Default none/.test(comment!)) documented.set(`${name}.${field}`, []);
    }
  }
  return documented;
}

test("the docs of every option give its default", () => {
  const actual = Object.entries(sections).flatMap(([name, section]) =>
    Object.entries(section).map(([field, value]) => [`${name}.${field}`, value] as const),
  );
  const documented = documentedDefaults();
  assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(actual));
});
