import assert from "node:assert/strict";
import { test } from "node:test";
import { storedLines, updatedFields, withDate } from "./storable-fields.ts";

test("what is said anew each time is not stored, nor what is withheld", () => {
  const raw = ["Date", "d", "Age", "5", "Content-Length", "3", "X-Request-Id", "r", "Set-Cookie", "c", "X-A", "1"];
  assert.equal(storedLines(raw, ["set-cookie"]), "Date: d\r\nX-A: 1\r\n");
});

test("an answer without Date gets one", () => {
  const received = Date.UTC(2026, 0, 1);
  assert.deepEqual(withDate(["X", "1"], received), ["X", "1", "Date", "Thu, 01 Jan 2026 00:00:00 GMT"]);
  assert.deepEqual(withDate(["date", "d"], received), ["date", "d"]);
});

test("a 304 takes the place of all lines of a name, but of none that tells of the body", () => {
  const stored = ["ETag", '"a"', "X-A", "1", "x-a", "2", "Content-Type", "text/a", "Content-Encoding", "gzip"];
  const update = ["X-A", "3", "Content-Type", "text/b", "Content-Encoding", "br", "Content-Length", "0", "X-B", "4"];
  assert.deepEqual(updatedFields(stored, update), [
    "ETag",
    '"a"',
    "Content-Type",
    "text/a",
    "Content-Encoding",
    "gzip",
    "X-A",
    "3",
    "X-B",
    "4",
  ]);
});
