import assert from "node:assert/strict";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { someLimits } from "../../test/support/some-limits.ts";
import { temporaryDirectory } from "../../test/support/temporary.ts";
import type { ResolvedConfig } from "../config/index.ts";
import { ManualClock } from "../kernel/index.ts";
import { LimitAdjustments } from "./limit-adjustments.ts";
import { LimitControl } from "./limit-control.ts";

function controlOf(t: TestContext, failure?: Error) {
  const clock = new ManualClock(Date.UTC(2026, 10, 27));
  const said: string[] = [];
  const limits = { limits: someLimits(), tiers: [], adjustments: [] };
  const control = new LimitControl(
    {
      config: () => ({ limits, gateway: { processes: 1 } }) as unknown as ResolvedConfig,
      adjustments: new LimitAdjustments(join(temporaryDirectory(t), "limits.json"), { clock }),
      figures: async () => new Map(),
      publish: async () => {
        said.push("published");
        return failure;
      },
      onChange: (message) => said.push(message),
    },
    clock,
  );
  return { control, clock, said };
}

test("what is set is told to every gateway before it is said to be done", async (t) => {
  const { control, clock, said } = controlOf(t);
  await control.adjust({ limit: "staff", rate: "5/second", for: "2h", event: "sale" });
  assert.deepEqual(said, ["published", "set the limit all/staff to 5/second until 2026-11-27T02:00:00.000Z for sale"]);
  assert.equal((await control.report()).limits[0]!.rates[2]!.now, "5/second");
  clock.advance(7_200_000);
  const { limits, adjustments } = await control.report();
  assert.equal(limits[0]!.rates[2]!.now, "unlimited");
  assert.deepEqual(adjustments, []);
});

test("what is taken back is, too; where there is nothing, nobody is told", async (t) => {
  const { control, said } = controlOf(t);
  await control.adjust({ limit: "login", rate: "9/second" });
  said.length = 0;
  await control.reset({ all: true });
  assert.deepEqual(said, ["published", "took back login (9/second)"]);
  assert.deepEqual(await control.reset({ all: true }), []);
  assert.equal(said.length, 2);
});

test("that a gateway does not go by it is no success, but it is kept", async (t) => {
  const { control, said } = controlOf(t, new Error("gateway-2 hangs"));
  await assert.rejects(control.adjust({ limit: "login", rate: "9/second" }), {
    code: "LIMIT_CHANGE_INCOMPLETE",
    message: /gateway-2 hangs/,
  });
  assert.deepEqual(said, ["published"]);
  assert.equal((await control.report()).limits[2]!.rates[0]!.now, "9/second");
});

test("what is refused is told to nobody", async (t) => {
  const { control, said } = controlOf(t);
  await assert.rejects(control.adjust({ limit: "nobody", rate: "9/second" }), { code: "LIMIT_CHANGE_UNKNOWN" });
  assert.deepEqual(said, []);
});
