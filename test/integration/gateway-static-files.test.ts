import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import type { ResolvedStatic } from "../../src/config/index.ts";
import type { ServiceSnapshot } from "../../src/gateway/index.ts";
import { eventually, snapshotOf, startOrigin, upstream } from "../support/gateway-fixtures.ts";
import { createGatewayProcess, type TestedGateway } from "../support/gateway-process.ts";
import { writeFiles } from "../support/static-files.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const site = (directory: string, more: Partial<ResolvedStatic> = {}): Partial<ServiceSnapshot> => ({
  routes: [{ path: { kind: "prefix", value: "/assets" } }],
  static: { directory, base: "/", index: "index.html", immutable: true, compress: true, dotfiles: false, ...more },
});

function directoryOf(t: TestContext, files: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory(t);
  writeFiles(directory, files);
  return directory;
}

const sockets = ({ controlPath }: TestedGateway): string[] =>
  readdirSync(dirname(controlPath)).filter((name) => /\.s\d+$/.test(name));

test("a gateway process serves files beside what it forwards", async (t) => {
  await using api = await startOrigin((_, res) => res.end("api"));
  const directory = directoryOf(t, { "assets/a.txt": "one" });
  const gateway = createGatewayProcess(t);
  const snapshot = () =>
    snapshotOf({ services: { api: { upstreams: [upstream("api-1", api.port)] }, web: site(directory) } });
  const first = snapshot();
  await gateway.start(first);
  const url = `http://127.0.0.1:${gateway.addresses[0]!.port}`;
  const get = async (path: string): Promise<string> => (await fetch(url + path)).text();
  assert.equal(await get("/assets/a.txt"), "one");
  assert.equal(await get("/other"), "api");
  assert.equal((await fetch(`${url}/assets/b.txt`)).status, 404);
  assert.equal((await fetch(`${url}/assets/a.txt`, { method: "POST", body: "x" })).status, 405);
  const { web } = (await gateway.figures()).services;
  assert.deepEqual(web!.requests, { 200: 1, 404: 1, 405: 1 });
  assert.deepEqual(
    web!.upstreams.map(({ id, state, healthy }) => ({ id, state, healthy })),
    [{ id: "web-files", state: "ready", healthy: true }],
  );
});

test("snapshots change what is served, and take it away, without a failed request", async (t) => {
  const [old, next] = [directoryOf(t, { "assets/a.txt": "old" }), directoryOf(t, { "assets/a.txt": "new" })];
  const gateway = createGatewayProcess(t);
  const listeners = [{ host: "127.0.0.1", port: 0 }];
  const apply = (services: Record<string, Partial<ServiceSnapshot>>) =>
    gateway.apply(snapshotOf({ services, listeners }));
  await gateway.start(snapshotOf({ services: { web: site(old) }, listeners }));
  const url = `http://127.0.0.1:${gateway.addresses[0]!.port}/assets/a.txt`;
  const statuses = new Set<number>();
  const over = new AbortController();
  const asking = (async () => {
    while (!over.signal.aborted) {
      const answer = await fetch(url);
      statuses.add(answer.status);
      await answer.arrayBuffer();
    }
  })();
  await apply({ web: site(next) });
  assert.equal(await (await fetch(url)).text(), "new");
  await apply({ web: site(next), more: { ...site(old), routes: [{ path: { kind: "prefix", value: "/more" } }] } });
  assert.equal(sockets(gateway).length, 2);
  await apply({ other: site(old) });
  assert.equal(await (await fetch(url)).text(), "old");
  await eventually(
    () => sockets(gateway).length === 1,
    () => sockets(gateway).join(),
  );
  over.abort();
  await asking;
  assert.deepEqual([...statuses], [200]);
});

test("its sockets are private, and go with the process, however it ends", async (t) => {
  const directory = directoryOf(t, {});
  for (const end of ["drain", "SIGTERM", "SIGKILL"] as const) {
    const gateway = createGatewayProcess(t);
    await gateway.start(snapshotOf({ services: { web: site(directory) } }));
    const [socket, ...others] = sockets(gateway);
    assert.deepEqual(others, []);
    assert.equal(statSync(join(dirname(gateway.controlPath), socket!)).mode & 0o777, 0o600);
    const exited = once(gateway, "exit");
    if (end === "drain") await gateway.stop();
    else process.kill(gateway.pid!, end);
    await exited;
    assert.deepEqual(readdirSync(dirname(gateway.controlPath)), [], end);
  }
});

test("two gateway processes each have files of their own to serve", async (t) => {
  const directory = directoryOf(t, { "assets/a.txt": "a" });
  const gateways = [createGatewayProcess(t), createGatewayProcess(t)];
  for (const gateway of gateways) await gateway.start(snapshotOf({ services: { web: site(directory) } }));
  await gateways[0]!.stop();
  const url = `http://127.0.0.1:${gateways[1]!.addresses[0]!.port}/assets/a.txt`;
  assert.equal(await (await fetch(url)).text(), "a");
});
