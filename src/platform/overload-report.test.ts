import assert from "node:assert/strict";
import { test } from "node:test";
import type { GatewayFigures, ServiceFigures } from "../gateway/index.ts";
import { overloadReport } from "./overload-report.ts";

type Overload = NonNullable<ServiceFigures["overload"]>;

function gateway(services: Readonly<Record<string, Partial<Overload> | undefined>>): GatewayFigures {
  const usual = { limit: 10, inFlight: 0, waiting: 0, shed: { critical: 0, normal: 0, background: 0 }, brownout: 0 };
  const entries = Object.entries(services).map(([name, overload]) => {
    return [name, { overload: overload === undefined ? undefined : { ...usual, ...overload } }];
  });
  return { services: Object.fromEntries(entries) as unknown } as GatewayFigures;
}

test("gateways are added up, by service", () => {
  const report = overloadReport([
    gateway({ api: { inFlight: 3, waiting: 2, shed: { critical: 0, normal: 5, background: 9 } }, files: undefined }),
    gateway({ api: { inFlight: 4, waiting: 1, shed: { critical: 1, normal: 2, background: 3 }, brownout: 0.5 } }),
  ]);
  assert.deepEqual(report, {
    api: { limit: 20, inFlight: 7, waiting: 3, shed: { critical: 1, normal: 7, background: 12 }, brownout: 0.5 },
  });
});

test("without a bound at one gateway there is none", () => {
  const report = overloadReport([gateway({ api: { limit: undefined } }), gateway({ api: {} })]);
  assert.equal(report["api"]!.limit, undefined);
});
