import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, startFellows, targets } from "../support/gateway-fellows.ts";
import { startOrigin } from "../support/gateway-fixtures.ts";

for (const fastPath of [true, false]) {
  const path = fastPath ? "the fast path" : "the full path";

  test(`whoever is asked, an origin is asked once for each URL, on ${path}`, async (t) => {
    await using origin = await startOrigin((req, res) => {
      res.setHeader("cache-control", "max-age=60");
      setImmediate(() => res.end(`answer to ${req.url}`));
    });
    const fellows = await startFellows(t, origin, { fastPath });
    const asked = targets.flatMap((target) => Array.from({ length: 20 }, (_, i) => ask(fellows[i % 2]!, target)));
    for (const [i, answer] of (await Promise.all(asked)).entries())
      assert.equal(answer.body, `answer to ${targets[Math.floor(i / 20)]}`);
    assert.equal(origin.requests.length, targets.length);
    for (const target of targets)
      for (const fellow of fellows) {
        const { head } = await ask(fellow, target);
        assert.match(head, /\r\nCache-Status: tenfold; hit; ttl=\d+\r\n/);
        assert.equal(head.match(/cache-status:/gi)!.length, 1);
        assert.match(head, /\r\nVia: 1\.1 tenfold(?:\r\n|$)/);
      }
    assert.equal(origin.requests.length, targets.length);
  });

  test(`an answer for one client alone comes through whoever asked for it, once, on ${path}`, async (t) => {
    await using origin = await startOrigin((req, res) => {
      res.setHeader("cache-control", "private");
      res.end(
        `for ${req.headers["x-user"] as string}, ${req.headers["x-forwarded-for"] as string}, ${req.headers["via"]}`,
      );
    });
    const fellows = await startFellows(t, origin, { fastPath });
    for (const [i, target] of targets.entries()) {
      const { head, body } = await ask(fellows[i % 2]!, target, "GET", `X-User: ${i}\r\n`);
      assert.equal(body, `for ${i}, 127.0.0.1, 1.1 tenfold`);
      assert.match(head, /^HTTP\/1\.1 200 OK\r\n/);
      assert.equal(origin.requests.length, i + 1);
      assert.equal(origin.requests.at(-1)!.headers["tenfold-service"], undefined);
    }
  });

  test(`what one has changed, no other still has when it is told, on ${path}`, async (t) => {
    let version = 0;
    await using origin = await startOrigin((req, res) => {
      if (req.method === "PUT") version++;
      res.setHeader("cache-control", "max-age=60");
      res.end(`version ${version}`);
    });
    const fellows = await startFellows(t, origin, { fastPath });
    for (let i = 0; i < 60; i++) {
      const target = targets[i % targets.length]!;
      const [writer, reader] = i % 3 === 0 ? fellows : fellows.toReversed();
      await Promise.all(fellows.map((fellow) => ask(fellow, target)));
      // Somebody reads all the time.
      const [changed] = await Promise.all([ask(writer!, target, "PUT"), ask(reader!, target), ask(writer!, target)]);
      for (const fellow of [reader!, writer!]) assert.equal((await ask(fellow, target)).body, changed.body);
    }
  });
}

test("a gateway whose fellow has ended asks the service itself", async (t) => {
  await using origin = await startOrigin((req, res) => {
    res.setHeader("cache-control", "max-age=60");
    res.end(`answer to ${req.url}`);
  });
  const [first, second] = await startFellows(t, origin);
  await ask(first!, targets[0]!);
  await second!.gateway.stop();
  for (const target of targets) assert.equal((await ask(first!, target)).body, `answer to ${target}`);
  assert.match((await ask(first!, targets[1]!, "PUT")).head, /^HTTP\/1\.1 200 OK/);
});

test("nobody from outside speaks as a fellow: the name of a service in a request means nothing", async (t) => {
  await using origin = await startOrigin((req, res) => res.end(String(req.headers["tenfold-service"])));
  const fellows = await startFellows(t, origin);
  assert.equal((await ask(fellows[0]!, "/x", "GET", "Tenfold-Service: other\r\n")).body, "undefined");
});

test("another process keeps an answer as the service has sent it, and codes it itself", async (t) => {
  const body = "so it goes, ".repeat(500);
  await using origin = await startOrigin((_, res) => {
    res.writeHead(200, { "cache-control": "max-age=60", "content-type": "text/plain", etag: '"v1"' }).end(body);
  });
  const compression = { of: "shared", types: ["text/*"], minBytes: 1_024 } as const;
  const fellows = await startFellows(t, origin, { compression });
  for (const coding of ["gzip", "br", "identity", "gzip"]) {
    for (const target of targets)
      for (const fellow of fellows) {
        const { head } = await ask(fellow, target, "GET", `Accept-Encoding: ${coding}\r\n`);
        assert.match(head, /^Vary: Accept-Encoding$/m);
      }
  }
  assert.equal(origin.requests.length, targets.length);
  for (const fellow of fellows) {
    const { answers, coded } = fellow.gateway.figures().cache!;
    assert.ok(answers <= targets.length, "a form was taken for an answer of its own");
    assert.ok(coded > 0);
    const { head } = await ask(fellow, targets[0]!, "GET", "Accept-Encoding: gzip\r\n");
    assert.match(head, /^Content-Encoding: gzip$/m);
    assert.match(head, /^ETag: W\/"v1"$/im);
  }
});
