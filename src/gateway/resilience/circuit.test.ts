import assert from "node:assert/strict";
import { test } from "node:test";
import { canTakeRequest, canWait } from "./circuit.ts";

test("an upstream is given no more than its bounds", () => {
  const circuit = { maxRequests: 2, maxPending: 1 };
  assert.deepEqual(
    [0, 1, 2, 3].map((inFlight) => canTakeRequest(inFlight, circuit)),
    [true, true, false, false],
  );
  assert.deepEqual(
    [0, 1, 2].map((pending) => canWait(pending, circuit)),
    [true, false, false],
  );
});

test("nobody waits where nobody may", () => {
  assert.equal(canWait(0, { maxRequests: 1, maxPending: 0 }), false);
});
