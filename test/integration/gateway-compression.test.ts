import assert from "node:assert/strict";
import { once } from "node:events";
import type { RequestListener, ServerResponse } from "node:http";
import { test } from "node:test";
import { createBrotliDecompress, createGunzip, createZstdDecompress } from "node:zlib";
import { ask, noise, open, prose } from "../support/coded-answers.ts";
import { eventually, RawClient, startGatewayBefore, startOrigin, startRawOrigin } from "../support/gateway-fixtures.ts";

/** What is done about codings of answers that pass through for one client. */

const compression = { of: "everything", types: ["text/*", "application/json"], minBytes: 1_024 } as const;
const settings = { compression, cacheBytes: 0 };
const accepting = (codings: string): Record<string, string> => ({ "accept-encoding": codings });
const browser = accepting("gzip, deflate, br, zstd");
const small = prose(5_000);
const text = { "content-type": "text/plain" };
const codings = ["br", "zstd", "gzip"] as const;
const decoders = { br: createBrotliDecompress, zstd: createZstdDecompress, gzip: createGunzip } as const;

function sending(body: string | Buffer, fields: Record<string, string> = {}): RequestListener {
  return (_, res) => res.writeHead(200, { ...text, "content-length": body.length, ...fields }).end(body);
}

/** In pieces, without a length. */
function streaming(body: string, fields: Record<string, string> = {}): RequestListener {
  return (_, res) => {
    res.writeHead(200, { ...text, ...fields });
    const next = (at: number): void => {
      if (at >= body.length) res.end();
      else res.write(body.slice(at, at + 60_000), () => next(at + 60_000));
    };
    next(0);
  };
}

const bodies: readonly (readonly [what: string, listener: RequestListener, body: string])[] = [
  ["small", sending(small), small],
  ["small and chunked", streaming(small), small],
  ["larger than what is coded at once", sending(prose(100_000)), prose(100_000)],
  ["of ten megabytes", sending(prose(10_000_000)), prose(10_000_000)],
  ["of ten megabytes, chunked", streaming(prose(10_000_000)), prose(10_000_000)],
  ["that does not shrink", sending(noise(300_000)), noise(300_000).toString("latin1")],
];

for (const [what, listener, body] of bodies) {
  for (const coding of codings) {
    test(`an answer ${what} arrives whole in ${coding}`, async () => {
      await using origin = await startOrigin(listener);
      await using it = await startGatewayBefore(origin.port, { settings });
      const answer = await ask(it.port, "/", accepting(coding));
      assert.equal(answer.headers["content-encoding"], coding);
      assert.equal(answer.headers["vary"], "Accept-Encoding");
      assert.ok(answer.text === body, "it is another body");
      const length = answer.headers["content-length"];
      assert.ok(length === undefined || length === `${answer.body.length}`);
      await eventually(() => it.gateway.figures().services["api"]!.bytesOut === answer.body.length);
    });
  }
}

test("one after another on one connection, in different codings and none", async () => {
  await using origin = await startOrigin((req, res) =>
    (req.url === "/1" ? streaming(small) : sending(small))(req, res),
  );
  await using it = await startGatewayBefore(origin.port, { settings });
  await using client = new RawClient(it.port);
  const get = (path: string, coding: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: a.test\r\nAccept-Encoding: ${coding}\r\n\r\n`;
  client.send(get("/0", "br") + get("/1", "gzip") + get("/2", "identity") + get("/3", "zstd") + get("/4", "x"));
  const all = await client.until((received) => received.split("HTTP/1.1 200").length === 6 && received.endsWith(small));
  assert.deepEqual(
    [...all.matchAll(/^Content-Encoding: (.*)\r$/gm)].map(([, coding]) => coding),
    ["br", "gzip", "zstd"],
  );
});

const choices: readonly (readonly [wanted: string | undefined, coding: string | undefined])[] = [
  ["gzip, deflate, br, zstd", "zstd"],
  ["gzip, deflate, br", "br"],
  ["gzip;q=1, zstd;q=0.5", "gzip"],
  ["identity;q=0, gzip;q=0.1", "gzip"],
  ["identity, gzip;q=0.9", undefined],
  ["gzip;q=0", undefined],
  [undefined, undefined],
];

for (const [wanted, coding] of choices)
  test(`who accepts "${wanted}" is given ${coding ?? "the plain form"}, and told what it depends on`, async () => {
    await using origin = await startOrigin(sending(small, { vary: "Origin", etag: '"v1"', "accept-ranges": "bytes" }));
    await using it = await startGatewayBefore(origin.port, { settings });
    const { headers, text: got } = await ask(it.port, "/", wanted === undefined ? {} : accepting(wanted));
    assert.equal(headers["content-encoding"], coding);
    assert.equal(headers["vary"], "Origin, Accept-Encoding");
    assert.equal(headers["etag"], coding === undefined ? '"v1"' : 'W/"v1"');
    assert.equal(headers["accept-ranges"], coding === undefined ? "bytes" : undefined);
    assert.equal(got, small);
  });

const untouched: readonly (readonly [what: string, fields: Record<string, string>])[] = [
  ["no-transform", { "cache-control": "no-transform" }],
  ["a digest", { "content-digest": "sha-256=:AA==:" }],
  ["another type", { "content-type": "image/png" }],
  ["events", { "content-type": "text/event-stream" }],
  ["a coding of its own", { "content-encoding": "x-own" }],
];

for (const [what, fields] of untouched)
  test(`an answer is left as it is: ${what}`, async () => {
    await using origin = await startOrigin(sending(small, { etag: '"v1"', ...fields }));
    await using it = await startGatewayBefore(origin.port, { settings });
    const { headers, body } = await ask(it.port, "/", browser);
    assert.equal(headers["content-encoding"], fields["content-encoding"]);
    assert.equal(headers["vary"], undefined);
    assert.equal(headers["etag"], '"v1"');
    assert.equal(body.toString("latin1"), small);
  });

test("so are answers that announce trailers, which may tell of their bytes", async () => {
  await using origin = await startOrigin((_, res) => {
    res.writeHead(200, { ...text, trailer: "x-sum" }).write(small);
    res.addTrailers([["x-sum", "1"]]);
    res.end();
  });
  await using it = await startGatewayBefore(origin.port, { settings });
  const { headers, text: got } = await ask(it.port, "/", browser);
  assert.equal(headers["content-encoding"], undefined);
  assert.equal(got, small);
});

test("answers to what is not read but done, and to instances of our own, are left as they are", async () => {
  await using origin = await startOrigin((req, res) => req.resume().on("end", () => sending(small)(req, res)));
  const listeners = [
    { host: "127.0.0.1", port: 0 },
    { host: "127.0.0.1", port: 0, service: "api" },
  ];
  await using it = await startGatewayBefore(origin.port, { settings, listeners });
  const [, own] = it.gateway.addresses();
  assert.equal((await ask(it.port, "/", { ...browser, "content-length": "0" }, "POST")).headers["vary"], undefined);
  assert.equal((await ask(own!.port, "/", browser)).headers["vary"], undefined);
});

test("a client can forbid it, and parts are of the plain form", async () => {
  await using origin = await startOrigin((req, res) => {
    if (req.headers.range === undefined) return sending(small)(req, res);
    const fields = { ...text, vary: "Origin", "content-range": "bytes 0-1999/5000", "content-length": 2_000 };
    return res.writeHead(206, fields).end(small.slice(0, 2_000));
  });
  await using it = await startGatewayBefore(origin.port, { settings });
  const forbidden = await ask(it.port, "/", { ...browser, "cache-control": "no-transform" });
  assert.deepEqual([forbidden.headers["content-encoding"], forbidden.headers["vary"]], [undefined, "Accept-Encoding"]);
  const part = await ask(it.port, "/", { ...browser, range: "bytes=0-1999" });
  assert.deepEqual([part.headers["content-encoding"], part.headers["vary"]], [undefined, "Origin, Accept-Encoding"]);
  assert.equal(part.body.toString(), small.slice(0, 2_000));
});

test("a 304 names the tag as the client has it, and takes nothing from Vary", async () => {
  await using origin = await startOrigin((_, res) => res.writeHead(304, { etag: '"v1"', vary: "Origin" }).end());
  await using it = await startGatewayBefore(origin.port, { settings });
  for (const tag of ['W/"v1"', '"v1"']) {
    const { status, headers } = await ask(it.port, "/", { ...browser, "if-none-match": tag });
    assert.deepEqual([status, headers["etag"], headers["vary"]], [304, tag, "Origin, Accept-Encoding"]);
  }
});

test("HEAD says what GET would, as far as it is known", async () => {
  await using origin = await startOrigin(sending(small, { etag: '"v1"' }));
  await using it = await startGatewayBefore(origin.port, { settings });
  const head = await ask(it.port, "/", browser, "HEAD");
  const { headers } = await ask(it.port, "/", browser);
  for (const name of ["content-encoding", "etag", "vary", "content-type"])
    assert.equal(head.headers[name], headers[name]);
  assert.equal(head.headers["content-length"], undefined);
  assert.equal((await ask(it.port, "/", {}, "HEAD")).headers["content-length"], "5000");
});

for (const coding of codings)
  test(`each piece of a slow answer can be read when it comes, in ${coding}`, async () => {
    let answer: ServerResponse | undefined;
    await using origin = await startOrigin((_, res) => {
      answer = res.writeHead(200, text);
      res.write("piece 0;");
    });
    await using it = await startGatewayBefore(origin.port, { settings });
    const coded = await open(it.port, "/", accepting(coding));
    const decoder = coded.pipe(decoders[coding]());
    let got = "";
    decoder.on("data", (piece: Buffer) => (got += piece.toString()));
    for (let i = 1; i <= 5; i++) {
      await eventually(() => got.endsWith(`piece ${i - 1};`));
      answer!.write(`piece ${i};`);
    }
    answer!.end();
    await once(decoder, "end");
    assert.equal(got, "piece 0;piece 1;piece 2;piece 3;piece 4;piece 5;");
  });

test("a client that does not read holds the origin back", async () => {
  let sent = 0;
  const piece = noise(50_000);
  await using origin = await startOrigin((_, res) => {
    res.writeHead(200, text);
    const more = (): void => {
      for (sent += piece.length; !res.destroyed && res.write(piece); sent += piece.length);
    };
    res.on("drain", more);
    more();
  });
  await using it = await startGatewayBefore(origin.port, { settings });
  const answer = await open(it.port, "/", accepting("gzip"));
  answer.pause();
  let before = -1;
  let calm = 0;
  await eventually(() => {
    calm = sent === before ? calm + 1 : 0;
    before = sent;
    return calm > 40;
  });
  assert.ok(sent < 30_000_000, `${sent} bytes were taken`);
  let read = 0;
  answer.on("data", (bytes: Buffer) => (read += bytes.length)).resume();
  await eventually(() => read > before + 1_000_000);
  answer.destroy();
  await eventually(() => it.gateway.figures().active === 0);
});

test("when the client leaves in the middle, the origin is let go", async () => {
  let isClosed = false;
  await using origin = await startOrigin((_, res) => {
    res.writeHead(200, text).write(prose(100_000));
    res.on("close", () => (isClosed = true));
  });
  await using it = await startGatewayBefore(origin.port, { settings });
  for (const coding of codings) {
    isClosed = false;
    const answer = await open(it.port, "/", accepting(coding));
    await once(answer, "readable");
    answer.destroy();
    await eventually(() => isClosed && it.gateway.figures().active === 0);
  }
});

for (const ending of ["by its length", "in chunks"] as const) {
  for (const version of ["1.1", "1.0"]) {
    test(`an answer that breaks off, to be ended ${ending}, is not taken for whole by HTTP/${version}`, async () => {
      const framing =
        ending === "in chunks" ? "Transfer-Encoding: chunked\r\n\r\n8000\r\n" : "Content-Length: 90000\r\n\r\n";
      await using origin = await startRawOrigin((socket) => {
        socket.end(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n${framing}${prose(30_000)}`);
      });
      await using it = await startGatewayBefore(origin.port, { settings });
      await using client = new RawClient(it.port);
      client.send(`GET / HTTP/${version}\r\nHost: a.test\r\nAccept-Encoding: gzip\r\n\r\n`);
      const received = await client.untilClosed();
      assert.doesNotMatch(received, /\r\n0\r\n\r\n$/);
      if (version === "1.0" && received !== "") {
        const body = Buffer.from(received.slice(received.indexOf("\r\n\r\n") + 4), "latin1");
        const decoder = createGunzip();
        decoder.end(body);
        await assert.rejects(once(decoder.resume(), "end"));
      }
      await eventually(() => it.gateway.figures().active === 0);
    });
  }
}

test("to an HTTP/1.0 client the coded answer ends with the connection", async () => {
  await using origin = await startOrigin(sending(small));
  await using it = await startGatewayBefore(origin.port, { settings });
  await using client = new RawClient(it.port);
  client.send("GET / HTTP/1.0\r\nHost: a.test\r\nAccept-Encoding: gzip\r\n\r\n");
  const received = await client.untilClosed();
  assert.match(received, /^Content-Encoding: gzip\r$/im);
  assert.doesNotMatch(received, /^(?:Transfer-Encoding|Content-Length):/im);
  const decoder = createGunzip();
  decoder.end(Buffer.from(received.slice(received.indexOf("\r\n\r\n") + 4), "latin1"));
  let got = "";
  for await (const piece of decoder) got += String(piece);
  assert.equal(got, small);
});

test("many streams at once: beyond so many, answers stay plain, and all are whole", async () => {
  const waiting: ServerResponse[] = [];
  const body = prose(20_000);
  await using origin = await startOrigin((_, res) => {
    res.writeHead(200, text).write(body);
    waiting.push(res);
  });
  await using it = await startGatewayBefore(origin.port, { settings });
  const answers = Array.from({ length: 200 }, () => ask(it.port, "/", accepting("gzip")));
  await eventually(() => waiting.length === 200);
  for (const res of waiting) res.end();
  const codingsOf = (await Promise.all(answers)).map((answer) => {
    assert.equal(answer.text, body);
    assert.equal(answer.headers["vary"], "Accept-Encoding");
    return answer.headers["content-encoding"];
  });
  assert.equal(codingsOf.filter((coding) => coding === "gzip").length, 128);
});
