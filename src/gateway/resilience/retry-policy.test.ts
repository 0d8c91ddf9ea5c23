import assert from "node:assert/strict";
import { test } from "node:test";
import { type AttemptFailure, isIdempotent, isRetriable } from "./retry-policy.ts";

const retries = { attempts: 3, budget: 0.2 };
const failed = {
  method: "GET",
  failure: "reset" as AttemptFailure,
  isBodyReplayable: true,
  hasAnswered: false,
  attempt: 1,
};

test("what never reached an upstream may be retried by any method; what may have, only by idempotent ones", () => {
  const table: [AttemptFailure, boolean, boolean][] = [
    ["connect", true, true],
    ["timeout-connect", true, true],
    ["overflow", true, true],
    ["reset", true, false],
    ["timeout-response", true, false],
    ["upstream-gone", true, false],
    ["malformed", false, false],
    ["body", false, false],
    ["client-gone", false, false],
    ["timeout-total", false, false],
  ];
  for (const [failure, idempotent, other] of table) {
    for (const method of ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]) {
      assert.equal(isRetriable({ ...failed, method, failure }, retries), idempotent, `${method} ${failure}`);
    }
    for (const method of ["POST", "PATCH", "CONNECT", "LOCK", "get"]) {
      assert.equal(isRetriable({ ...failed, method, failure }, retries), other, `${method} ${failure}`);
    }
  }
});

test("nothing is retried once the answer has begun, or when the body is gone", () => {
  assert.equal(isRetriable({ ...failed, failure: "connect", hasAnswered: true }, retries), false);
  assert.equal(isRetriable({ ...failed, failure: "connect", isBodyReplayable: false }, retries), false);
});

test("the first attempt counts", () => {
  assert.equal(isRetriable({ ...failed, attempt: 2 }, retries), true);
  assert.equal(isRetriable({ ...failed, attempt: 3 }, retries), false);
  assert.equal(isRetriable(failed, { attempts: 1, budget: 1 }), false);
});

test("retries may be switched off", () => {
  assert.equal(isRetriable({ ...failed, failure: "connect" }, false), false);
});

test("methods are case-sensitive", () => {
  assert.equal(isIdempotent("PUT"), true);
  assert.equal(isIdempotent("put"), false);
});
