import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ChunkScanner } from "./chunk-scanner.ts";

interface Scanned {
  readonly passed: string;
  readonly trailers: string;
  readonly rest: string;
  readonly dataBytes: number;
}

/** Scans the text in pieces that are cut where `cuts` says. */
function scan(text: string, cuts: readonly number[] = []): Scanned | "malformed" | "incomplete" {
  const scanner = new ChunkScanner();
  scanner.reset();
  let [passed, dataBytes, from] = ["", 0, 0];
  for (const to of [...cuts.toSorted((a, b) => a - b), text.length]) {
    const piece = Buffer.from(text.slice(from, to), "latin1");
    const kept = scanner.scan(piece, 0, piece.length);
    if (kept === -1) return "malformed";
    passed += piece.toString("latin1", 0, kept);
    dataBytes += scanner.dataBytes;
    if (scanner.isComplete)
      return { passed, dataBytes, trailers: scanner.trailers, rest: text.slice(from + scanner.end) };
    from = to;
  }
  return "incomplete";
}

test("well-formed chunks pass as they are, up to the end of the body", () => {
  const body = "5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n";
  assert.deepEqual(scan(`${body}HTTP/1.1`), { passed: body, dataBytes: 15, trailers: "", rest: "HTTP/1.1" });
});

test("extensions are cut out", () => {
  const scanned = scan('5;a=b;c="d"\r\nhello\r\n0;last\r\n\r\n');
  assert.deepEqual(scanned, { passed: "5\r\nhello\r\n0\r\n\r\n", dataBytes: 5, trailers: "", rest: "" });
});

test("trailers are cut out, with the empty line behind them", () => {
  const scanned = scan("1\r\na\r\n0\r\nX-A: b\r\nX-C: d\r\n\r\nrest");
  assert.deepEqual(scanned, {
    passed: "1\r\na\r\n0\r\n",
    dataBytes: 1,
    trailers: "X-A: b\r\nX-C: d\r\n",
    rest: "rest",
  });
});

for (const [name, text] of [
  ["no size", "\r\nhello\r\n0\r\n\r\n"],
  ["a signed size", "+5\r\nhello\r\n0\r\n\r\n"],
  ["0x", "0x5\r\nhello\r\n0\r\n\r\n"],
  ["space before the size", " 5\r\nhello\r\n0\r\n\r\n"],
  ["space behind the size", "5 \r\nhello\r\n0\r\n\r\n"],
  ["a bare LF behind the size", "5\nhello\r\n0\r\n\r\n"],
  ["a bare CR behind the size", "5\rhello\r\n0\r\n\r\n"],
  ["a bare LF behind the data", "5\r\nhello\n0\r\n\r\n"],
  ["more data than announced", "4\r\nhello\r\n0\r\n\r\n"],
  ["a size beyond all", "FFFFFFFFFFFFFF\r\n"],
  ["an LF in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"],
  ["an extension without end", `5;${"a".repeat(5_000)}`],
  ["trailers without end", `0\r\nA: ${"a".repeat(17_000)}`],
] as const) {
  test(`malformed: ${name}`, () => assert.equal(scan(text), "malformed"));
}

test("wherever reads end, the same passes", () => {
  const chunk = fc.tuple(fc.stringMatching(/^[a-z\r\n;]{1,20}$/), fc.constantFrom("", ";x", ';y="z"'));
  const trailers = fc.constantFrom("", "X-A: b\r\n", "X-A: b\r\nX-C: d\r\n");
  fc.assert(
    fc.property(
      fc.array(chunk, { maxLength: 5 }),
      trailers,
      fc.array(fc.nat(200), { maxLength: 6 }),
      (chunks, end, at) => {
        const lines = chunks.map(([data, extension]) => `${data.length.toString(16)}${extension}\r\n${data}\r\n`);
        const text = `${lines.join("")}0\r\n${end}\r\n`;
        const cuts = at.filter((each) => each < text.length);
        assert.deepEqual(scan(text, cuts), scan(text));
        const scanned = scan(text) as Scanned;
        assert.equal(
          scanned.dataBytes,
          chunks.reduce((sum, [data]) => sum + data.length, 0),
        );
        assert.equal(scanned.trailers, end);
      },
    ),
  );
});
