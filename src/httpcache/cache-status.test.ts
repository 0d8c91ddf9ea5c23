import assert from "node:assert/strict";
import { test } from "node:test";
import { parseList } from "structured-headers";
import { cacheStatus, type Handling } from "./cache-status.ts";

const cases: readonly (readonly [Handling, string])[] = [
  [{ hit: true, ttlMs: 5_999 }, "tenfold; hit; ttl=5"],
  [{ hit: true, ttlMs: -1 }, "tenfold; hit; ttl=-1"],
  [{ hit: false, forwarded: "uri-miss", isStored: true }, "tenfold; fwd=uri-miss; stored"],
  [
    { hit: false, forwarded: "stale", originStatus: 304, isCollapsed: true },
    "tenfold; fwd=stale; fwd-status=304; collapsed",
  ],
  [{ hit: false, forwarded: "bypass", detail: "authorization" }, "tenfold; fwd=bypass; detail=authorization"],
];

for (const [handling, text] of cases) {
  test(text, () => {
    assert.equal(cacheStatus(handling), text);
    assert.equal(parseList(text).length, 1);
  });
}

test("it stands behind what caches nearer to the origin have said", () => {
  assert.equal(cacheStatus({ hit: true, ttlMs: 0 }, "edge; hit"), "edge; hit, tenfold; hit; ttl=0");
  assert.equal(cacheStatus({ hit: true, ttlMs: 0 }, " "), "tenfold; hit; ttl=0");
});
