import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Gateway } from "../../src/gateway/index.ts";
import { RawClient, snapshotOf, startRawOrigin, upstream, type RawOrigin } from "../support/gateway-fixtures.ts";

/**
 * Requests that two servers could read in two ways, as bytes. Each is answered with the right status, or cut off, and not one
 * byte of it reaches the origin.
 */
let origin: RawOrigin;
let gateway: Gateway;
let port: number;

before(async () => {
  origin = await startRawOrigin((socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  gateway = new Gateway();
  await gateway.start(
    snapshotOf({
      upstreams: [upstream("api-1", origin.port)],
      settings: { headTimeoutMs: 700, maxHeadBytes: 8_192, maxBodyBytes: 1_000 },
    }),
  );
  port = gateway.addresses()[0]!.port;
});

after(async () => {
  await gateway.stop();
  await origin[Symbol.asyncDispose]();
});

const host = "Host: a.test\r\n";
const chunked = "Transfer-Encoding: chunked\r\n";

/** Name, bytes, the status that is expected. */
const hostile: readonly (readonly [string, string, number])[] = [
  // Two lengths.
  ["CL.TE", `POST / HTTP/1.1\r\n${host}Content-Length: 6\r\n${chunked}\r\n0\r\n\r\nG`, 400],
  [
    "TE.CL",
    `POST / HTTP/1.1\r\n${host}${chunked}Content-Length: 4\r\n\r\n5c\r\nGPOST / HTTP/1.1\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ["TE.TE, one unknown", `POST / HTTP/1.1\r\n${host}${chunked}Transfer-Encoding: x\r\n\r\n0\r\n\r\n`, 400],
  ["TE.TE, both chunked", `POST / HTTP/1.1\r\n${host}${chunked}${chunked}\r\n0\r\n\r\n`, 400],
  ["TE with gzip before chunked", `POST / HTTP/1.1\r\n${host}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 501],
  ["TE unknown", `POST / HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 501],
  ["TE with a space before the colon", `POST / HTTP/1.1\r\n${host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, 400],
  ["TE after a vertical tab", `POST / HTTP/1.1\r\n${host}Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n`, 400],
  ["TE quoted", `POST / HTTP/1.1\r\n${host}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`, 501],
  ["TE in HTTP/1.0", `POST / HTTP/1.0\r\n${host}${chunked}\r\n0\r\n\r\n`, 400],
  ["CL twice, equal", `POST / HTTP/1.1\r\n${host}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`, 400],
  ["CL twice, different", `POST / HTTP/1.1\r\n${host}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok!`, 400],
  ["CL listed", `POST / HTTP/1.1\r\n${host}Content-Length: 2, 2\r\n\r\nok`, 400],
  ["CL signed", `POST / HTTP/1.1\r\n${host}Content-Length: +2\r\n\r\nok`, 400],
  ["CL negative", `POST / HTTP/1.1\r\n${host}Content-Length: -2\r\n\r\nok`, 400],
  ["CL hexadecimal", `POST / HTTP/1.1\r\n${host}Content-Length: 0x2\r\n\r\nok`, 400],
  ["CL with a space inside", `POST / HTTP/1.1\r\n${host}Content-Length: 1 2\r\n\r\nok`, 400],
  ["CL with a space before the colon", `POST / HTTP/1.1\r\n${host}Content-Length : 2\r\n\r\nok`, 400],
  ["CL empty", `POST / HTTP/1.1\r\n${host}Content-Length:\r\n\r\n`, 400],
  ["CL beyond counting", `POST / HTTP/1.1\r\n${host}Content-Length: 99999999999999999999999\r\n\r\n`, 400],
  // Line ends.
  ["bare LF everywhere", "GET / HTTP/1.1\nHost: a.test\n\n", 400],
  ["bare LF after the request line", "GET / HTTP/1.1\nHost: a.test\r\n\r\n", 400],
  ["bare LF in the head", "GET / HTTP/1.1\r\nHost: a.test\nX: y\r\n\r\n", 400],
  ["bare CR in a value", `GET / HTTP/1.1\r\n${host}X: a\rb\r\n\r\n`, 400],
  ["obs-fold", `GET / HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`, 400],
  ["obs-fold of a length", `POST / HTTP/1.1\r\n${host}Content-Length:\r\n 2\r\n\r\nok`, 400],
  ["a space before the first field", `GET / HTTP/1.1\r\n ${host}\r\n`, 400],
  // Names and values.
  ["NUL in a value", `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`, 400],
  ["NUL in a name", `GET / HTTP/1.1\r\n${host}X\0: a\r\n\r\n`, 400],
  ["a space in a name", `GET / HTTP/1.1\r\n${host}X Y: a\r\n\r\n`, 400],
  ["an empty name", `GET / HTTP/1.1\r\n${host}: a\r\n\r\n`, 400],
  ["a line without a colon", `GET / HTTP/1.1\r\n${host}nonsense\r\n\r\n`, 400],
  // Host.
  ["no Host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["two Hosts", `GET / HTTP/1.1\r\n${host}Host: b.test\r\n\r\n`, 400],
  ["two equal Hosts", `GET / HTTP/1.1\r\n${host}${host}\r\n`, 400],
  ["an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400],
  ["a Host with a path", "GET / HTTP/1.1\r\nHost: a.test/x\r\n\r\n", 400],
  ["a Host with userinfo", "GET / HTTP/1.1\r\nHost: u@a.test\r\n\r\n", 400],
  ["a Host list", "GET / HTTP/1.1\r\nHost: a.test, b.test\r\n\r\n", 400],
  ["a Host with a bad port", "GET / HTTP/1.1\r\nHost: a.test:80x\r\n\r\n", 400],
  // Targets.
  ["no slash", `GET x HTTP/1.1\r\n${host}\r\n`, 400],
  ["a fragment", `GET /#x HTTP/1.1\r\n${host}\r\n`, 400],
  ["a space in the target", `GET /a b HTTP/1.1\r\n${host}\r\n`, 400],
  ["a tab in the target", `GET /a\tb HTTP/1.1\r\n${host}\r\n`, 400],
  ["a backslash", `GET /a\\..\\b HTTP/1.1\r\n${host}\r\n`, 400],
  ["dot segments", `GET /a/../b HTTP/1.1\r\n${host}\r\n`, 400],
  ["encoded dot segments", `GET /a/%2e%2e/b HTTP/1.1\r\n${host}\r\n`, 400],
  ["an encoded NUL", `GET /a%00 HTTP/1.1\r\n${host}\r\n`, 400],
  ["half an encoding", `GET /a%2 HTTP/1.1\r\n${host}\r\n`, 400],
  ["bytes beyond ASCII", `GET /\xe4 HTTP/1.1\r\n${host}\r\n`, 400],
  ["asterisk with GET", `GET * HTTP/1.1\r\n${host}\r\n`, 400],
  ["userinfo in an absolute target", `GET http://u@a.test/ HTTP/1.1\r\n${host}\r\n`, 400],
  ["another scheme", `GET ftp://a.test/ HTTP/1.1\r\n${host}\r\n`, 400],
  ["CONNECT", `CONNECT a.test:443 HTTP/1.1\r\n${host}\r\n`, 501],
  // Versions and methods.
  ["no version", "GET /\r\n\r\n", 505],
  ["HTTP/2.0 in words", `GET / HTTP/2.0\r\n${host}\r\n`, 505],
  ["HTTP/1.2", `GET / HTTP/1.2\r\n${host}\r\n`, 400],
  ["lower-case version", `GET / http/1.1\r\n${host}\r\n`, 400],
  ["an unknown method", `G@T / HTTP/1.1\r\n${host}\r\n`, 400],
  ["lower-case method", `get / HTTP/1.1\r\n${host}\r\n`, 400],
  ["TLS on the plain port", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
  // Sizes.
  ["a head too large", `GET / HTTP/1.1\r\n${host}X: ${"x".repeat(9_000)}\r\n\r\n`, 431],
  ["too many fields", `GET / HTTP/1.1\r\n${host}${"X: y\r\n".repeat(3_000)}\r\n`, 431],
  ["a target too long", `GET /${"x".repeat(5_000)} HTTP/1.1\r\n${host}\r\n`, 414],
  ["a body announced too large", `POST / HTTP/1.1\r\n${host}Content-Length: 1001\r\n\r\n`, 413],
  ["expecting something else", `POST / HTTP/1.1\r\n${host}Expect: coffee\r\nContent-Length: 2\r\n\r\nok`, 417],
  // Time.
  ["a head that never ends", `GET / HTTP/1.1\r\n${host}X: `, 408],
];

for (const [name, bytes, status] of hostile) {
  test(`refused, not forwarded: ${name}`, async () => {
    await using client = new RawClient(port);
    const seen = origin.received();
    client.send(bytes);
    const answer = await client.until((text) => text.includes("\r\n\r\n") || client.isClosed);
    assert.equal(answer.slice(0, 12), `HTTP/1.1 ${status}`, answer);
    assert.match(answer, /content-type: application\/problem\+json/i);
    const problem = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n"))) as Record<string, unknown>;
    assert.equal(problem["status"], status);
    assert.match(String(problem["code"]), /^GATEWAY_/);
    assert.ok(answer.includes(`X-Request-Id: ${String(problem["requestId"])}\r\n`));
    assert.equal(origin.received(), seen, "nothing was forwarded");
  });
}

/** The head is well, the body is not: what was forwarded must not become a request of its own. */
const brokenBodies: readonly (readonly [string, string])[] = [
  ["a chunk size that is no number", "xyz\r\nabc\r\n0\r\n\r\n"],
  ["a signed chunk size", "+3\r\nabc\r\n0\r\n\r\n"],
  ["a chunk size with 0x", "0x3\r\nabc\r\n0\r\n\r\n"],
  ["a chunk size beyond counting", "fffffffffffffffff\r\nabc\r\n0\r\n\r\n"],
  ["a chunk longer than it says", "3\r\nabcdef\r\n0\r\n\r\n"],
  ["bare LF after a chunk size", "3\nabc\r\n0\r\n\r\n"],
  ["bare LF after a chunk", "3\r\nabc\n0\r\n\r\n"],
  ["a space before the chunk size", " 3\r\nabc\r\n0\r\n\r\n"],
  ["a chunk extension with a bare LF", "3;a=\nb\r\nabc\r\n0\r\n\r\n"],
  ["a chunk extension without an end", `3;${"x".repeat(20_000)}\r\nabc\r\n0\r\n\r\n`],
];

for (const [name, body] of brokenBodies) {
  test(`cut off in the middle: ${name}`, async () => {
    await using client = new RawClient(port);
    const heads = (): number => origin.received().split("POST /broken HTTP/1.1").length - 1;
    const before = heads();
    client.send(`POST /broken HTTP/1.1\r\n${host}${chunked}\r\n${body}GET /smuggled HTTP/1.1\r\n${host}\r\n`);
    const answer = await client.untilClosed();
    assert.doesNotMatch(answer, /^HTTP\/1.1 200/m);
    assert.doesNotMatch(origin.received(), /smuggled/);
    assert.ok(heads() - before <= 1);
  });
}

test("a good request is served by the same connection rules right after all this", async () => {
  await using client = new RawClient(port);
  client.send(`GET /fine HTTP/1.1\r\n${host}\r\n`);
  assert.match(await client.until((text) => text.endsWith("ok")), /^HTTP\/1.1 200 OK\r\n/);
});

test("an absolute target takes the place of Host", async () => {
  await using client = new RawClient(port);
  client.send(`GET http://b.test/absolute HTTP/1.1\r\n${host}\r\n`);
  await client.until((text) => text.endsWith("ok"));
  const forwarded = origin.received().slice(origin.received().indexOf("GET /absolute"));
  assert.match(forwarded, /^GET \/absolute HTTP\/1.1\r\nhost: b\.test\r\n/);
  assert.doesNotMatch(forwarded, /a\.test/);
});

test("what Connection lists is removed, but nothing that framing or security stands on", async () => {
  await using client = new RawClient(port);
  const listed = "Connection: close, x-drop, content-length, authorization, cookie, host, x-forwarded-for\r\n";
  client.send(
    `POST /listed HTTP/1.1\r\n${host}${listed}X-Drop: 1\r\nAuthorization: a\r\nCookie: c=1\r\nContent-Length: 2\r\n\r\nhi`,
  );
  await client.until((text) => text.endsWith("ok"));
  const forwarded = origin.received().slice(origin.received().indexOf("POST /listed"));
  assert.doesNotMatch(forwarded, /x-drop/i);
  for (const kept of [
    /^authorization: a\r$/im,
    /^cookie: c=1\r$/im,
    /^content-length: 2\r$/im,
    /^x-forwarded-for: 127/im,
  ]) {
    assert.match(forwarded, kept);
  }
});

test("names with underscores, hop-by-hop fields and claims about the client are not forwarded", async () => {
  await using client = new RawClient(port);
  const claims =
    "X-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Proto: https\r\n";
  client.send(
    `GET /claims HTTP/1.1\r\n${host}X_User: root\r\nTE: gzip\r\nKeep-Alive: 5\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n${claims}X-Request-Id: bad id\r\n\r\n`,
  );
  await client.until((text) => text.endsWith("ok"));
  const forwarded = origin.received().slice(origin.received().indexOf("GET /claims"));
  assert.doesNotMatch(forwarded, /6\.6\.6\.6|evil|https|X_User|gzip|h2c|http2|Keep-Alive: 5|bad id/i);
  assert.match(forwarded, /^Forwarded: for=127\.0\.0\.1;host=a\.test;proto=http\r$/m);
  assert.match(forwarded, /^X-Forwarded-Host: a\.test\r$/m);
});

test("a CRLF that hides in a value's encoding stays encoded", async () => {
  await using client = new RawClient(port);
  client.send(`GET /inject%0d%0aX-Evil:%201 HTTP/1.1\r\n${host}X-A: %0d%0aX-Evil: 1\r\n\r\n`);
  await client.until((text) => text.endsWith("ok"));
  assert.doesNotMatch(origin.received(), /^X-Evil/m);
});

test("pipelined requests are answered in order, up to the first that is not well", async () => {
  await using client = new RawClient(port);
  const good = (n: number): string => `GET /pipelined-${n} HTTP/1.1\r\n${host}\r\n`;
  client.send(`${good(1)}${good(2)}GET /bad/../x HTTP/1.1\r\n${host}\r\n${good(3)}`);
  const answer = await client.untilClosed();
  const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => match[1]);
  assert.deepEqual(statuses, ["200", "200", "400"]);
});

test("the refusal of an endless head arrives, though the client never stops sending", async () => {
  for (let i = 0; i < 10; i++) {
    await using client = new RawClient(port);
    client.send(`GET / HTTP/1.1\r\n${host}`).send(`X: ${"x".repeat(4_000_000)}`);
    assert.match(await client.until((text) => text.includes("GATEWAY_")), /^HTTP\/1\.1 431 /);
  }
});
