import assert from "node:assert/strict";
import { test } from "node:test";
import { contentCodings } from "./content-coding.ts";
import { createCodingWish } from "./wanted-codings.ts";

const wish = createCodingWish(contentCodings);

const cases: readonly (readonly [acceptEncoding: string | undefined, wanted: string])[] = [
  [undefined, ""],
  ["", ""],
  ["identity", ""],
  ["gzip, deflate, br, zstd", "br zstd gzip"],
  ["gzip, br;q=0.5", "gzip br"],
  ["gzip;q=0.5", "gzip"],
  ["gzip;q=0.5, identity", ""],
  ["gzip;q=0.5, identity;q=0.5", "gzip"],
  ["identity;q=0, *;q=0.1", "br zstd gzip"],
  ["br;q=0, *", "zstd gzip"],
  ["*;q=0", ""],
];

for (const [acceptEncoding, wanted] of cases)
  test(`codings are wanted in this order: ${acceptEncoding} → ${wanted}`, () => {
    assert.equal(wish(acceptEncoding).join(" "), wanted);
    assert.equal(wish(acceptEncoding).join(" "), wanted, "when it is asked again");
  });

test("who is asked by ever other clients forgets the oldest", () => {
  for (let i = 0; i < 1_000; i++) assert.deepEqual(wish(`gzip, x${i}`), ["gzip"]);
});
