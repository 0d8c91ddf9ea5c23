import assert from "node:assert/strict";
import { test } from "node:test";
import { readVary, variantKey } from "./vary.ts";

test("Vary names fields, in any case, order and number of lines", () => {
  assert.deepEqual(readVary([]), []);
  assert.deepEqual(readVary(["Vary", "X-B, ,x-a", "vary", "X-A"]), ["x-a", "x-b"]);
  assert.equal(readVary(["Vary", "Accept, *"]), "*");
  assert.deepEqual(readVary(["Vary", "**"]), ["**"]);
});

test("by what the gateway tells origins of each client, requests cannot be compared", () => {
  for (const name of ["X-Forwarded-For", "Forwarded", "X-Request-Id"])
    assert.equal(readVary(["Vary", `X, ${name}`]), "*");
});

const same: readonly (readonly [name: string, one: string, other: string])[] = [
  ["x", "a, b", "a,b"],
  ["x", " a ,\tb", "a,b"],
  ["accept-encoding", "gzip, deflate, br, zstd", "zstd;q=0.1, br, gzip, deflate"],
  ["accept-encoding", "GZIP", "x-gzip"],
  ["accept-encoding", "gzip, sdch", "gzip"],
  ["accept-encoding", "gzip, br;q=0", "gzip"],
  ["accept-encoding", "gzip, br;q=2", "gzip"],
  ["accept-encoding", "*", "gzip, br, zstd, deflate"],
  ["accept-encoding", "*, br;q=0", "gzip, zstd, deflate"],
  ["accept-encoding", "", "identity"],
  ["accept-language", "de, en;q=0.5", "DE , en; q=0.50"],
  ["accept-language", "en;q=0.5, de", "de, en;q=0.5"],
];
for (const [name, one, other] of same) {
  test(`${name}: ${JSON.stringify(one)} asks for the same as ${JSON.stringify(other)}`, () => {
    assert.equal(variantKey([name], [name, one]), variantKey([name], [name, other]));
  });
}

const different: readonly (readonly [names: readonly string[], one: readonly string[], other: readonly string[]])[] = [
  [["x"], ["X", "a"], ["X", "A"]],
  [["x"], ["X", "a"], ["X", "a, b"]],
  [["x"], ["X", ""], []],
  [["x"], ["X", "a b"], ["X", "a  b"]],
  [
    ["x", "y"],
    ["X", "1"],
    ["Y", "1"],
  ],
  [
    ["x", "y"],
    ["X", "a", "Y", "b"],
    ["X", "b", "Y", "a"],
  ],
  [["accept-encoding"], ["Accept-Encoding", "gzip"], ["Accept-Encoding", "br"]],
  [["accept-encoding"], ["Accept-Encoding", "gzip"], []],
  [["accept-encoding"], ["Accept-Encoding", "gzip"], ["Accept-Encoding", "gzip, identity;q=0"]],
  [["accept-language"], ["Accept-Language", "de, en"], ["Accept-Language", "en, de"]],
];
for (const [names, one, other] of different) {
  test(`${names.join()}: ${JSON.stringify(one)} asks for something else than ${JSON.stringify(other)}`, () => {
    assert.notEqual(variantKey(names, one), variantKey(names, other));
  });
}

test("lines of one field are one value", () => {
  assert.equal(variantKey(["x"], ["X", "a", "X", "b"]), variantKey(["x"], ["X", "a, b"]));
});
