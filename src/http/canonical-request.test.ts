import assert from "node:assert/strict";
import { test } from "node:test";
import { CanonicalHead, readCanonicalHead } from "./canonical-request.ts";

const whole = "GET /a?b=c HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\n\r\n";

test("a canonical head is taken apart into method, target and section", () => {
  const head = new CanonicalHead();
  assert.equal(readCanonicalHead(`${whole}GET /next`, head), "whole");
  const { method, target, section, end } = head;
  assert.deepEqual([method, target, section, end], ["GET", "/a?b=c", "Host: a.test\r\nAccept: */*\r\n", whole.length]);
});

test("every beginning of a canonical head is waited for", () => {
  const head = new CanonicalHead();
  for (let length = 1; length < whole.length; length++) {
    assert.equal(readCanonicalHead(whole.slice(0, length), head), "partial", JSON.stringify(whole.slice(0, length)));
  }
});

const others: readonly (readonly [string, string])[] = [
  ["another version", "GET / HTTP/1.0\r\nHost: a\r\n\r\n"],
  ["a later version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"],
  ["no version", "GET /\r\nHost: a\r\n\r\n"],
  ["another method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a method in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["the absolute form", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["the asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a fragment", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["two spaces before the target", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["two spaces behind the target", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a tab for a space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a byte of UTF-8 in the target", "GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["an empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["no field at all", "GET / HTTP/1.1\r\n\r\n"],
  ["a bare LF behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"],
];

for (const [name, text] of others) {
  test(`not canonical: ${name}`, () => {
    const verdict = readCanonicalHead(text, new CanonicalHead());
    assert.ok(verdict !== "whole" && verdict !== "partial", verdict);
  });
}

const hopeless: readonly (readonly [string, string])[] = [
  ["lines that end with LF", "GET / HTTP/1.1\nHost: a\n\n"],
  ["a TLS handshake", "\x16\x03\x01\x02\x00\x01"],
  ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n"],
  ["a folded line", "GET / HTTP/1.1\r\nA: b\r\n c"],
  ["a space before the colon", "GET / HTTP/1.1\r\nHost : a"],
  ["a NUL", "GET / HTTP/1.1\r\nHost: a\0"],
  ["a bare CR", "GET / HTTP/1.1\r\nHost: a\rb"],
];

for (const [name, text] of hopeless) {
  test(`not waited for: ${name}`, () => assert.notEqual(readCanonicalHead(text, new CanonicalHead()), "partial"));
}
