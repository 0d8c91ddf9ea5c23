import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ChunkData } from "./chunk-data.ts";

/** What it reads of a body that comes in pieces cut at these places. */
function read(
  coded: Buffer,
  cuts: readonly number[],
  take: (chunks: ChunkData, from: number, to: number) => void,
): void {
  const chunks = new ChunkData();
  const ends = [...cuts.map((cut) => cut % (coded.length + 1)), coded.length].toSorted((a, b) => a - b);
  let from = 0;
  for (const to of ends) {
    take(chunks, from, to);
    from = to;
  }
}

function runs(coded: Buffer, cuts: readonly number[]): string {
  let data = "";
  read(coded, cuts, (chunks, from, to) => {
    chunks.read(coded, from, to, (start, end) => (data += coded.toString("latin1", start, end)));
  });
  return data;
}

function gathered(coded: Buffer, cuts: readonly number[]): string {
  let data = "";
  read(coded, cuts, (chunks, from, to) => (data += coded.toString("latin1", from, chunks.gather(coded, from, to))));
  return data;
}

test("data comes out as it went in, wherever the pieces are cut", () => {
  const chunk = fc.string({ minLength: 1, maxLength: 40, unit: "binary-ascii" });
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 8 }), (chunks, cuts) => {
      const lines = chunks.map((text, i) => {
        const size = text.length.toString(16);
        return `${i % 2 === 0 ? size : `00${size.toUpperCase()}`}\r\n${text}\r\n`;
      });
      const coded = Buffer.from(`${lines.join("")}0\r\n\r\n`, "latin1");
      assert.equal(runs(coded, cuts), chunks.join(""));
      assert.equal(gathered(coded, cuts), chunks.join(""));
    }),
  );
});
