import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AnswerHead, scanAnswerHead } from "./answer-head.ts";
import { rewriteAnswer, rewrittenHead } from "./answer-rewriting.ts";
import { readResponseHead } from "./response-head.ts";

const room = 256;

function scan(text: string): { readonly head: AnswerHead; readonly verdict: string; readonly bytes: Buffer } {
  const bytes = Buffer.from("-".repeat(room) + text, "latin1");
  const head = new AnswerHead();
  return { head, verdict: scanAnswerHead(bytes, room, bytes.length, head), bytes };
}

const plain =
  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: keep-alive\r\nContent-Length: 2\r\nKeep-Alive: timeout=5\r\n\r\n";

test("a head says how its body ends and what becomes of the connection", () => {
  const { head, verdict } = scan(plain);
  assert.equal(verdict, "whole");
  assert.deepEqual(
    [head.status, head.length, head.isChunked, head.closes, head.keepAliveMs, head.hasDate, head.isPlain],
    [200, 2, false, false, 5_000, false, true],
  );
});

test("every beginning of a head is partial", () => {
  for (let length = 0; length < plain.length; length++) assert.equal(scan(plain.slice(0, length)).verdict, "partial");
});

test("a head is rewritten where it lies, without the lines that end here", () => {
  const { head, bytes } = scan(`${plain}ok`);
  const added = "Via: 1.1 tenfold\r\nX-Request-Id: 0123456789abcdef-0123456789\r\n\r\n";
  const text = rewrittenHead(bytes, head, added);
  const start = rewriteAnswer(bytes, head, added);
  assert.equal(
    bytes.toString("latin1", start),
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nVia: 1.1 tenfold\r\nX-Request-Id: 0123456789abcdef-0123456789\r\n\r\nok",
  );
  assert.equal(text, bytes.toString("latin1", start, bytes.length - 2));
});

test("without room before it a head is left as it is", () => {
  const { head, bytes } = scan(plain);
  const before = Buffer.from(bytes);
  assert.equal(rewriteAnswer(bytes, head, `X: ${"a".repeat(1_000)}\r\n\r\n`), -1);
  assert.deepEqual(bytes, before);
});

for (const [name, text] of [
  ["no HTTP", "SSH-2.0-OpenSSH_9.2\r\n"],
  ["another version", "HTTP/2.0 200 OK\r\n\r\n"],
  ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"],
  ["a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"],
  ["a status below 100", "HTTP/1.1 099 OK\r\n\r\n"],
  ["a bare LF behind the status line", "HTTP/1.1 200 OK\nA: b\r\n\r\n"],
  ["a bare LF behind a field", "HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n"],
  ["a bare CR in a field", "HTTP/1.1 200 OK\r\nA: b\rC: d\r\n\r\n"],
  ["a NUL", "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n"],
  ["a folded line", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"],
  ["a space before the colon", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n"],
  ["no name", "HTTP/1.1 200 OK\r\n: b\r\n\r\n"],
  ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"],
  ["the same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"],
  ["a list of lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n"],
  ["a signed length", "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n"],
  ["a length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"],
  ["another coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"],
  ["chunks twice", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"],
  ["chunks of HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
] as const) {
  test(`malformed: ${name}`, () => assert.equal(scan(text).verdict, "malformed"));
}

test("what a plain head keeps is what the full path keeps", () => {
  const names = [
    "Connection",
    "Keep-Alive",
    "Date",
    "Via",
    "TE",
    "Trailer",
    "Upgrade",
    "X-Request-Id",
    "Proxy-Connection",
  ];
  const more = ["Proxy-Authenticate", "Proxy-Authorization", "Content-Length", "Content-Type", "Set-Cookie", "Server"];
  const name = fc.constantFrom(...names, ...more).map((text) => (text.length % 2 === 0 ? text.toLowerCase() : text));
  const value = fc.constantFrom("1", "keep-alive", "close", "timeout=9", "x-custom");
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([text]) => text.toLowerCase() }), (fields) => {
      const lines = fields.map(([field, text]) => `${field}: ${text}\r\n`).join("");
      const { head, verdict, bytes } = scan(`HTTP/1.1 200 OK\r\n${lines}\r\n`);
      if (verdict !== "whole" || !head.isPlain) return;
      const kept = rewrittenHead(bytes, head, "").split("\r\n").slice(1, -1);
      const { fields: wanted } = readResponseHead(fields.flat(), "id", { status: 200, keepTrailer: false });
      const pairs = wanted.slice(0, -4); // Without Via and X-Request-Id, which are added.
      assert.deepEqual(
        kept,
        Array.from({ length: pairs.length / 2 }, (_, i) => `${pairs[i * 2]}: ${pairs[i * 2 + 1]}`),
      );
    }),
  );
});
