import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hash32, mix32 } from "./hash.ts";

test("hashes as the reference implementation of MurmurHash3 does", () => {
  const table: [string, number, number][] = [
    ["", 0, 0],
    ["", 1, 0x514e28b7],
    ["", 0xffffffff, 0x81f16f39],
    ["\0\0\0\0", 0, 0x2362f9de],
    ["\xff\xff\xff\xff", 0, 0x76293b50],
    ["!Ce\x87", 0, 0xf55b516b],
    ["!Ce", 0, 0x7e4a8634],
    ["!C", 0, 0xa0f7b07a],
    ["!", 0, 0x72661cf4],
    ["aaaa", 0x9747b28c, 0x5a97808a],
    ["abc", 0, 0xb3dd93fa],
    ["Hello, world!", 0x9747b28c, 0x24884cba],
    ["The quick brown fox jumps over the lazy dog", 0x9747b28c, 0x2fa826cd],
  ];
  for (const [text, seed, expected] of table) assert.equal(hash32(text, seed), expected, JSON.stringify(text));
});

test("spreads keys that differ little evenly over buckets", () => {
  const families: ((i: number) => string)[] = [
    (i) => `10.0.${i >> 8}.${i & 255}`,
    (i) => `/products/${i}`,
    (i) => `api-${i}`,
    (i) => "x".repeat(i % 500) + i,
  ];
  for (const family of families) {
    const buckets = Array.from({ length: 64 }, () => 0);
    const keys = 16_384;
    for (let i = 0; i < keys; i++) buckets[hash32(family(i)) >>> 26]!++;
    const expected = keys / buckets.length;
    const chiSquare = buckets.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 63 degrees of freedom: above 120 once in a hundred thousand families.
    assert.ok(chiSquare < 120, `${family(1)}: chi-square ${chiSquare}`);
  }
});

test("flips about half of the bits when one bit of the text changes", () => {
  let flipped = 0;
  let changes = 0;
  for (let i = 0; i < 200; i++) {
    const text = `192.168.7.${i}`;
    for (let at = 0; at < text.length; at++) {
      const other = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
      flipped += bitCount(hash32(text) ^ hash32(other));
      changes++;
    }
  }
  assert.ok(Math.abs(flipped / changes - 16) < 0.5, `${flipped / changes} bits`);
});

test("mixes without losing anything: two numbers never become one", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (a, b) => {
      assert.ok(mix32(a) >= 0 && mix32(a) <= 0xffffffff);
      assert.equal(mix32(a) === mix32(b), a === b);
    }),
  );
});

function bitCount(value: number): number {
  return (value >>> 0).toString(2).replaceAll("0", "").length;
}
