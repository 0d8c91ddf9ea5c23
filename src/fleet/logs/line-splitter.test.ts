import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LineSplitter } from "./line-splitter.ts";

function split(chunks: readonly Buffer[], maxLineBytes = 1_000): string[] {
  const splitter = new LineSplitter(maxLineBytes);
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.flush()];
}

test("however the bytes are cut, the lines are the same", () => {
  const line = fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", ""));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(200)), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(""));
      const places = [0, ...cuts.filter((cut) => cut < bytes.length), bytes.length].toSorted((a, b) => a - b);
      const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      assert.deepEqual(split(chunks), split([bytes]));
      assert.equal(split([bytes]).length, lines.length);
    }),
  );
});

test("the last line needs no end", () => {
  assert.deepEqual(split([Buffer.from("a\nb")]), ["a", "b"]);
});

test("a long line is cut, between characters", () => {
  const lines = split([Buffer.from("ééééé\nx\n")], 5);
  assert.deepEqual(lines, ["éé", "éé", "é", "x"]);
});

test("what is no UTF-8 is shown as such", () => {
  assert.deepEqual(split([Buffer.from([0x61, 0xff, 0xfe, 0x62, 0x0a])]), ["a\ufffd\ufffdb"]);
});

test("endless output without a line feed takes no endless memory", () => {
  const splitter = new LineSplitter(16);
  const lines = Array.from({ length: 100 }, () => splitter.push(Buffer.alloc(64, 0x80))).flat();
  assert.ok(lines.every((line) => line.length <= 16));
  assert.ok(splitter.flush().join("").length <= 16);
});
