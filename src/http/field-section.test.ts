import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { test } from "node:test";
import { fieldValue, readAnswerFields, readFieldSection, requestField } from "./field-section.ts";

test("lines become names and values without the space around them", () => {
  assert.deepEqual(readFieldSection("Host: a\r\nX-Empty:\r\nB: \t c d\t \r\n"), [
    "Host",
    "a",
    "X-Empty",
    "",
    "B",
    "c d",
  ]);
});

for (const [name, section] of [
  ["a space before the colon", "A : b\r\n"],
  ["no name", ": b\r\n"],
  ["a folded line", "A: b\r\n c\r\n"],
  ["a bare LF", "A: b\nC: d\r\n"],
  ["a bare CR", "A: b\rC: d\r\n"],
  ["a NUL", "A: \0\r\n"],
  ["DEL", "A: \x7f\r\n"],
  ["no colon", "Ab\r\n"],
] as const) {
  test(`no canonical section: ${name}`, () => assert.equal(readFieldSection(section), undefined));
}

test("obs-text may stand in an answer, not in a canonical request", () => {
  assert.deepEqual(readAnswerFields("A: \xe9\r\n"), ["A", "\xe9"]);
  assert.equal(readFieldSection("A: \xe9\r\n"), undefined);
});

test("several lines of one name are one value", () => {
  const raw = ["X-A", "1", "x-a", "2", "Cookie", "a=1", "cookie", "b=2"];
  assert.equal(fieldValue(raw, "x-a"), "1, 2");
  assert.equal(fieldValue(raw, "cookie"), "a=1; b=2");
  assert.equal(fieldValue(raw, "constructor"), undefined);
});

test("fields of requests are read as Node's server reads them, also those that come twice", async (t) => {
  const names = ["authorization", "proxy-authorization", "user-agent", "referer", "from", "max-forwards"];
  names.push("if-modified-since", "if-unmodified-since", "content-type", "x-api-key", "cookie", "accept", "origin");
  names.push("age", "etag", "expires", "last-modified", "location", "retry-after", "server", "if-match", "via");
  const read = Promise.withResolvers<IncomingMessage>();
  await using server = createServer((req, res) => {
    read.resolve(req);
    res.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").resume();
  t.after(() => socket.destroy());
  const lines = names.flatMap((name) => [`${name}: 1\r\n`, `${name}: 2\r\n`]);
  socket.write(`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines.join("")}\r\n`);
  const { headers, rawHeaders } = await read.promise;
  for (const name of names) assert.equal(requestField(rawHeaders, name), headers[name], name);
  assert.equal(requestField(rawHeaders, "x-none"), undefined);
});
