import assert from "node:assert/strict";
import { test } from "node:test";
import { overloadText } from "./overload-text.ts";

const calm = { limit: 20, inFlight: 3, waiting: 0, shed: { critical: 0, normal: 0, background: 0 }, brownout: 0 };

test("services that are asked for too much are shown, the others not", () => {
  const pressed = { ...calm, waiting: 4, shed: { critical: 0, normal: 30, background: 1_200 }, brownout: 0.5 };
  const { limit: _, ...unbounded } = calm;
  const text = overloadText({ api: pressed, web: calm, mail: { ...unbounded, waiting: 1 } })!;
  // oxlint-disable-next-line no-control-regex -- colour codes
  assert.deepEqual(text.replaceAll(/\u001b\[[0-9;]*m/g, "").split("\n"), [
    "",
    "OVERLOAD  AT ONCE  IN FLIGHT  WAITING  TURNED AWAY                  BROWNOUT",
    "api       20       3          4        30 normal, 1,200 background  50.0 %",
    "mail               3          1",
  ]);
});

test("nothing is said while all goes well", () => {
  assert.equal(overloadText(null), undefined);
  assert.equal(overloadText({ api: calm }), undefined);
});
