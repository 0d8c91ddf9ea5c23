import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestKinds } from "./request-kinds.ts";

test("requests are of one kind when their methods and the beginnings of their paths are the same", () => {
  const kinds = new RequestKinds();
  const article = kinds.indexOf("GET", "/api/articles/1");
  assert.equal(kinds.indexOf("GET", "/api/articles/2/comments"), article);
  assert.equal(kinds.indexOf("GET", "/api/articles"), article);
  for (const [method, path] of [
    ["POST", "/api/articles"],
    ["GET", "/api/users"],
    ["GET", "/api"],
    ["GET", "/"],
  ] as const) {
    assert.notEqual(kinds.indexOf(method, path), article);
  }
});

test("who makes up paths fills no memory: what is new when there are many is of one kind", () => {
  const kinds = new RequestKinds();
  const first = kinds.indexOf("GET", "/first");
  const indexes = new Set(Array.from({ length: 10_000 }, (_, i) => kinds.indexOf("GET", `/made-up/${i}`)));
  assert.equal(indexes.size, 63);
  assert.equal(kinds.indexOf("GET", "/first"), first);
});

test("a window tells of the kinds that were answered, and the next begins anew", () => {
  const kinds = new RequestKinds();
  const [quick, slow] = [kinds.indexOf("GET", "/quick"), kinds.indexOf("GET", "/slow")];
  kinds.indexOf("GET", "/never");
  kinds.answer(quick, 5, true);
  kinds.answer(quick, 7, false);
  kinds.answer(slow, 500, false);
  assert.deepEqual(kinds.take(), [
    { kind: quick, answers: 2, answeredMs: 12, quietAnswers: 1, quietMs: 5 },
    { kind: slow, answers: 1, answeredMs: 500, quietAnswers: 0, quietMs: 0 },
  ]);
  assert.deepEqual(kinds.take(), []);
});
