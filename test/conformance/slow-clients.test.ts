import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Gateway } from "../../src/gateway/index.ts";
import {
  eventually,
  RawClient,
  type RawOrigin,
  snapshotOf,
  startRawOrigin,
  upstream,
} from "../support/gateway-fixtures.ts";

/** Clients that take their time, to hold on to what a gateway has not much of: through both paths, they are cut by its timeouts. */
const timeouts = { connectMs: 2_000, responseMs: 5_000, idleMs: 400, totalMs: 0 };
const headTimeoutMs = 600;
const host = "Host: a.test\r\n";
/** More than a kernel takes from one end before the other reads. */
const largeBytes = 64 * 1024 * 1024;

interface Setting extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly origin: RawOrigin;
  readonly client: RawClient;
}

async function start(path: "full" | "fast", options: { totalMs?: number; answer?: string } = {}): Promise<Setting> {
  const { totalMs = 0, answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" } = options;
  const origin = await startRawOrigin((socket, all) => {
    if (/^GET [^]*\r\n\r\n$/.test(all)) socket.write(answer);
  });
  const gateway = new Gateway();
  await gateway.start(
    snapshotOf({
      upstreams: [upstream("api-1", origin.port)],
      service: { timeouts: { ...timeouts, totalMs } },
      settings: { fastPath: path === "fast", headTimeoutMs },
    }),
  );
  const client = new RawClient(gateway.addresses()[0]!.port);
  return {
    gateway,
    origin,
    client,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await gateway.stop();
      await origin[Symbol.asyncDispose]();
    },
  };
}

/** Says it again and again until the connection ends. */
function dribble(client: RawClient, bytes: string, everyMs: number): void {
  const timer = setInterval(() => client.send(bytes), everyMs);
  client.socket.once("close", () => clearInterval(timer));
}

async function letGo({ gateway, origin }: Setting): Promise<void> {
  await eventually(
    () => gateway.inFlight("api-1") === 0 && origin.sockets.size === 0,
    () => "the upstream is held",
  );
}

const smallBody = `POST / HTTP/1.1\r\n${host}Content-Length: 10000\r\n\r\nsome`;
const largeBody = `POST / HTTP/1.1\r\n${host}Content-Length: 1000000\r\n\r\nsome`;

for (const path of ["full", "fast"] as const) {
  // Side by side: each of them waits for a time to be over.
  suite(`slow clients on the ${path} path`, { concurrency: true }, () => {
    test(`a client that says nothing is cut`, async () => {
      await using it = await start(path);
      await it.client.untilClosed();
      assert.equal(it.origin.received(), "");
    });

    test(`a head that comes byte by byte is cut at its time`, async () => {
      await using it = await start(path);
      it.client.send(`GET / HTTP/1.1\r\n${host}X: `);
      dribble(it.client, "x", 50);
      assert.match(await it.client.untilClosed(), /^HTTP\/1\.1 408 [^]*GATEWAY_HEAD_TIMEOUT/);
      assert.equal(it.origin.received(), "");
    });

    test(`so is the head of a later request`, async () => {
      await using it = await start(path);
      it.client.send(`GET / HTTP/1.1\r\n${host}\r\n`);
      await it.client.until((text) => text.endsWith("ok"));
      it.client.send("GET / HT");
      assert.match(await it.client.untilClosed(), /okHTTP\/1\.1 408 [^]*GATEWAY_HEAD_TIMEOUT/);
      assert.equal(it.origin.received().split("GET /").length - 1, 1);
    });

    test(`a small body that stalls costs no upstream anything`, async () => {
      await using it = await start(path);
      it.client.send(smallBody);
      assert.match(
        await it.client.until((text) => text.includes("GATEWAY_")),
        /^HTTP\/1\.1 408 [^]*GATEWAY_BODY_TIMEOUT/,
      );
      assert.equal(it.origin.received(), "");
      await it.client.untilClosed();
    });

    test(`a large body that stalls is cut, and the upstream let go`, async () => {
      await using it = await start(path);
      it.client.send(largeBody);
      assert.match(
        await it.client.until((text) => text.includes("GATEWAY_")),
        /^HTTP\/1\.1 408 [^]*GATEWAY_BODY_TIMEOUT/,
      );
      await letGo(it);
      await it.client.untilClosed();
    });

    for (const [size, bytes] of [
      ["small", smallBody],
      ["large", largeBody],
    ] as const) {
      test(`a ${size} body that comes byte by byte is cut`, async () => {
        await using it = await start(path, { totalMs: 1_000 });
        it.client.send(bytes);
        dribble(it.client, "x", 50);
        assert.match(
          await it.client.until((text) => text.includes("GATEWAY_")),
          // As one that trickles, or, at the latest, when the whole has had its time.
          /^HTTP\/1\.1 (?:408 [^]*GATEWAY_BODY_TIMEOUT|504 [^]*GATEWAY_TOTAL_TIMEOUT)/,
        );
        await letGo(it);
        await it.client.untilClosed();
      });
    }

    test(`a client that does not read its answer is cut, and the upstream let go`, async () => {
      const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${largeBytes}\r\n\r\n${"x".repeat(largeBytes)}`;
      await using it = await start(path, { answer });
      it.client.socket.pause();
      it.client.send(`GET / HTTP/1.1\r\n${host}\r\n`);
      await eventually(() => it.gateway.inFlight("api-1") === 1);
      await letGo(it);
      it.client.socket.resume();
      await it.client.untilClosed();
      assert.ok(it.client.text.length < largeBytes, "it never looks whole");
    });

    test(`a client that does not read refusals is cut`, async () => {
      await using it = await start(path);
      // Of a gateway that has nobody to ask.
      await it.gateway.apply(snapshotOf({ service: { timeouts }, settings: { fastPath: path === "fast" } }));
      it.client.socket.pause();
      it.client.socket.on("error", () => undefined);
      const requests = `GET / HTTP/1.1\r\n${host}\r\n`.repeat(1_000);
      await eventually(() => {
        if (it.client.socket.writableLength < requests.length) it.client.send(requests);
        return it.gateway.figures().active > 0;
      });
      await eventually(() => it.gateway.figures().connections === 0);
    });

    test(`a client that reads and sends as slowly as it may is served`, async () => {
      await using it = await start(path);
      for (const byte of `GET / HTTP/1.1\r\n${host}\r\n`) it.client.send(byte);
      assert.match(await it.client.until((text) => text.endsWith("ok")), /^HTTP\/1\.1 200 /);
    });
  });
}
