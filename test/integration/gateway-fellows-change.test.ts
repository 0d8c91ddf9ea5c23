import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { purgePath } from "../../src/gateway/peers/peers.ts";
import { cleanUp } from "../support/cleanup.ts";
import { ask, startFellows, targets } from "../support/gateway-fellows.ts";
import { eventually, snapshotOf, cacheRules, startOrigin, upstream } from "../support/gateway-fixtures.ts";
import { turns } from "../support/wire/turns.ts";

/** What becomes of the answers of gateways that share a cache while something else changes. */

test("what was purged softly is not fresh again because another had it too", async (t) => {
  let version = 1;
  await using origin = await startOrigin((_, res) => {
    res.setHeader("cache-control", "max-age=600, stale-while-revalidate=600, stale-if-error=600");
    res.setHeader("etag", `"${version}"`);
    res.end(`version ${version}`);
  });
  const fellows = await startFellows(t, origin);
  for (const fellow of fellows) for (const target of targets) await ask(fellow, target);
  version = 2;
  for (const { gateway } of fellows) gateway.purge({ by: "all", mode: "soft" });
  for (const fellow of fellows) for (const target of targets) await ask(fellow, target);
  await eventually(() => fellows.every(({ gateway }) => gateway.figures().cache!.arriving === 0));
  for (const fellow of fellows)
    for (const target of targets) assert.equal((await ask(fellow, target)).body, "version 2");
});

test("what stands in for a failing service is not fresh for another", async (t) => {
  let version = 1;
  let isDown = false;
  await using origin = await startOrigin((_, res) => {
    if (isDown) return void res.writeHead(500).end();
    res.setHeader("cache-control", "max-age=600, stale-if-error=600");
    res.end(`version ${version}`);
  });
  const fellows = await startFellows(t, origin);
  const [first, second] = fellows;
  for (const target of targets) await ask(first!, target);
  for (const target of targets) await ask(second!, target);
  for (const { gateway } of fellows) gateway.purge({ by: "all", mode: "soft" });
  isDown = true;
  for (const fellow of fellows)
    for (const target of targets) assert.equal((await ask(fellow, target)).body, "version 1");
  isDown = false;
  version = 2;
  for (const fellow of fellows)
    for (const target of targets) assert.equal((await ask(fellow, target)).body, "version 2");
});

test("a cookie that keeps a client on an instance is set once, for that instance", async (t) => {
  await using origin = await startOrigin((_, res) => {
    res.setHeader("cache-control", "private");
    res.end("yours");
  });
  const fellows = await startFellows(t, origin, {}, { sticky: "side" });
  for (const target of targets) {
    const { head } = await ask(fellows[0]!, target);
    const cookies = head.match(/^set-cookie: side=\S+/gim)!;
    assert.equal(cookies.length, 1);
    const kept = await ask(fellows[0]!, `${target}/again`, "GET", `Cookie: ${cookies[0].slice(12, -1)}\r\n`);
    assert.doesNotMatch(kept.head, /set-cookie/i);
  }
});

test("a service that another does not know yet is asked all the same", async (t) => {
  await using origin = await startOrigin((_, res) => {
    res.setHeader("cache-control", "max-age=60");
    res.end("here");
  });
  const fellows = await startFellows(t, origin);
  const [first] = fellows;
  const settings = { cacheBytes: 16 * 1024 * 1024 };
  const services = { other: { cache: cacheRules, upstreams: [upstream("other-1", origin.port)] } };
  const snapshot = snapshotOf({ services, settings, listeners: [{ host: "127.0.0.1", port: 0 }] });
  await first!.gateway.apply(snapshot);
  for (const target of targets) assert.equal((await ask(first!, target)).body, "here");
});

test("a gateway that drains does not cut what another is given by it", async (t) => {
  const open: (() => void)[] = [];
  await using origin = await startOrigin((_, res) => {
    res.setHeader("cache-control", "max-age=60");
    res.write("first half, ");
    open.push(() => res.end("second half"));
  });
  const fellows = await startFellows(t, origin);
  const asked = targets.map((target) => ask(fellows[0]!, target));
  await eventually(() => open.length === targets.length);
  await eventually(() => fellows[0]!.gateway.figures().services["api"]!.upstreams[0]!.inFlight < targets.length);
  const drained = fellows[1]!.gateway.drain(10_000);
  await turns(20);
  for (const end of open) end();
  for (const answer of await Promise.all(asked)) assert.match(answer.body, /second half/);
  await drained;
});

test("a gateway whose fellow hangs asks the service itself, and soon does not wait for it at all", async (t) => {
  await using origin = await startOrigin((_, res) => {
    res.setHeader("cache-control", "max-age=60");
    res.end("here");
  });
  const [first, second] = await startFellows(t, origin);
  await second!.gateway.stop();
  // As the kernel does for a process that is stopped.
  for (const path of [second!.path, purgePath(second!.path)]) {
    const mute = createServer((socket) => void socket.on("error", () => undefined));
    mute.listen(path);
    await once(mute, "listening");
    cleanUp(t, () => void mute.close());
  }
  const answers = await Promise.all(targets.map((target) => ask(first!, target)));
  for (const { body } of answers) assert.equal(body, "here");
  const before = first!.gateway.figures().services["api"]!.upstreams[0]!.requests;
  for (const target of targets) assert.equal((await ask(first!, `${target}/again`)).body, "here");
  assert.equal(first!.gateway.figures().services["api"]!.upstreams[0]!.requests, before + targets.length);
});
