import assert from "node:assert/strict";
import { test } from "node:test";
import { kindCount, KindMeter, kindOf } from "./request-kinds.ts";

test("requests are of one kind when method, first segment and depth are the same", () => {
  const article = kindOf("GET", "/api/articles/1");
  assert.equal(kindOf("GET", "/api/articles/some-other"), article);
  for (const [method, path] of [
    ["PUT", "/api/articles/1"],
    ["POST", "/api/articles"],
    ["GET", "/api/articles"],
    ["GET", "/api/articles/1/comments"],
    ["GET", "/api/users/1"],
    ["GET", "/api"],
    ["GET", "/"],
  ] as const) {
    assert.notEqual(kindOf(method, path), article, `${method} ${path}`);
  }
});

test("a prefix that says nothing does not hide what is asked", () => {
  assert.notEqual(kindOf("GET", "/api/v1/quick"), kindOf("GET", "/api/v1/slow"));
  assert.notEqual(kindOf("GET", "/slow"), kindOf("GET", "/quick"));
});

test("whatever is made up has one of so many kinds, and they are spread", () => {
  const kinds = Array.from({ length: 10_000 }, (_, i) => kindOf("GET", `/made-up-${i}/${"x/".repeat(i % 200)}`));
  assert.ok(kinds.every((kind) => Number.isInteger(kind) && kind >= 0 && kind < kindCount));
  assert.equal(new Set(kinds).size, kindCount);
});

test("a window tells of the kinds that were heard of, and the next begins anew", () => {
  const meter = new KindMeter();
  meter.answer(3, 5, true);
  meter.answer(3, 7, false);
  meter.answer(8, 500, false);
  meter.abandon(9, 1_000);
  assert.deepEqual(meter.take(), [
    { kind: 3, answers: 2, answeredMs: 12, quietAnswers: 1, quietMs: 5, abandoned: 0, abandonedMs: 0 },
    { kind: 8, answers: 1, answeredMs: 500, quietAnswers: 0, quietMs: 0, abandoned: 0, abandonedMs: 0 },
    { kind: 9, answers: 0, answeredMs: 0, quietAnswers: 0, quietMs: 0, abandoned: 1, abandonedMs: 1_000 },
  ]);
  assert.deepEqual(meter.take(), []);
});
