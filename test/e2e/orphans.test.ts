import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import pg from "pg";
import { request } from "undici";
import { codeOf, isSameProcess, poll, type ProcessIdentity } from "../../src/kernel/index.ts";
import { directoriesOf, type PlatformStatus } from "../../src/platform/index.ts";
import { type Load, type LoadRequest, startLoad } from "../support/load.ts";
import { createEchoProject } from "../support/projects.ts";
import { createProject, type RunningTenfold, spawnTenfold, startTenfold } from "../support/tenfold.ts";

function project(t: TestContext, orphanGrace: string, processes = 1): string {
  return createEchoProject(t, { drain: "5s" }, { database: { replicas: 1 }, orphanGrace, gateway: { processes } });
}

/** Every process that the project's ledger names. */
function ledger(directory: string): { name: string; identity: ProcessIdentity }[] {
  const processes = join(directory, ".tenfold/run/processes");
  return readdirSync(processes).flatMap((file) => {
    // Others are still being written.
    if (!file.endsWith(".json")) return [];
    try {
      return [JSON.parse(readFileSync(join(processes, file), "utf8")) as never];
    } catch (error) {
      if (codeOf(error) === "ENOENT") return []; // Its process has ended meanwhile.
      throw error;
    }
  });
}

async function databaseUrl(tenfold: RunningTenfold): Promise<string> {
  const response = await request(`${tenfold.url}/env`);
  return ((await response.body.json()) as Record<string, string>)["DATABASE_URL"]!;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const notGone = (what: string) => ({
  everyMs: 50,
  deadlineMs: 60_000,
  onTimeout: () => new Error(`${what} still runs`),
});

test("when the platform is killed, all serves on for the grace, then nothing is left, and no data is lost", async (t) => {
  const directory = project(t, "1500ms");
  const first = await startTenfold(t, directory);
  await query(await databaseUrl(first), "create table kept as select 42 as answer");
  const processes = ledger(directory);
  assert.ok(processes.length >= 5, "a gateway, two instances, a primary and a replica");

  process.kill(first.pid, "SIGKILL");
  assert.equal((await request(`${first.url}/readyz`)).statusCode, 200, "the gateway serves on");
  for (const { name, identity } of processes) {
    await poll(() => (isSameProcess(identity) ? undefined : true), notGone(name));
  }
  await poll(() => (existsSync(directoriesOf(directory).sockets) ? undefined : true), notGone("the guardian"));
  await assert.rejects(request(`${first.url}/readyz`));

  const second = await startTenfold(t, directory);
  assert.deepEqual(await query(await databaseUrl(second), "select answer from kept"), [{ answer: 42 }]);
});

/** On new connections and on kept ones. */
function startLoads(url: string, path = "/item"): Load[] {
  const next = (n: number): LoadRequest => ({
    method: n % 2 === 0 ? "GET" : "PUT",
    path: `${path}/${n}`,
    check: (status) => (status === 200 ? undefined : String(status)),
  });
  return [true, false].map((isReconnecting) => startLoad(url, next, { callers: 4, isReconnecting }));
}

async function assertNoneFailed(loads: readonly Load[]): Promise<void> {
  for (const { sent, failures } of await Promise.all(loads.map((load) => load.stop()))) {
    assert.deepEqual(failures.slice(0, 5), [], `${failures.length} of ${sent} requests failed`);
  }
}

async function untilGone(processes: ReturnType<typeof ledger>): Promise<void> {
  for (const { name, identity } of processes) {
    await poll(() => (isSameProcess(identity) ? undefined : true), notGone(name));
  }
}

for (const processes of [1, 2]) {
  test(`a platform that comes back within the grace takes over without a failed request: gateways: ${processes}`, async (t) => {
    const directory = project(t, "60s", processes);
    const first = await startTenfold(t, directory);
    await query(await databaseUrl(first), "create table kept as select 43 as answer");
    const before = ledger(directory);

    const loads = startLoads(first.url);
    process.kill(first.pid, "SIGKILL");
    const second = await startTenfold(t, directory);
    assert.equal(second.url, first.url, "the port is kept, although any would do");
    await untilGone(before.filter(({ name }) => !/primary|replica/.test(name)));
    await assertNoneFailed(loads);
    assert.deepEqual(
      second.events.filter(({ type }) => type === "anew"),
      [],
    );
    assert.deepEqual(await query(await databaseUrl(second), "select answer from kept"), [{ answer: 43 }]);
    const { gateways } = (await second.ask("status")) as PlatformStatus;
    assert.deepEqual(
      gateways.map(({ id, state }) => `${id} ${state}`),
      [1, 2].slice(0, processes).map((n) => `gateway-${n} ready`),
    );

    const successors = ledger(directory);
    process.kill(second.pid, "SIGKILL");
    assert.equal((await second.run("stop")).code, 0);
    const left = successors.filter(({ identity }) => isSameProcess(identity));
    assert.deepEqual(left, [], "although nobody who lives has started the gateways");
  });
}

test("a platform that is killed while it takes over is taken over from, without a failed request", async (t) => {
  const slow = { drain: "5s", env: { START_DELAY_MS: "3000" } };
  const directory = createEchoProject(t, slow, { database: false, orphanGrace: "60s", gateway: { processes: 2 } });
  const first = await startTenfold(t, directory);
  const loads = startLoads(first.url);
  process.kill(first.pid, "SIGKILL");
  const gateways = (): ReturnType<typeof ledger> => ledger(directory).filter(({ name }) => name.startsWith("gateway"));
  const before = gateways();

  const failing = spawnTenfold(t, directory);
  await poll(() => (gateways().length === 4 ? true : undefined), {
    everyMs: 5,
    deadlineMs: 60_000,
    onTimeout: () => new Error("no successors"),
  });
  process.kill(failing.pid!, "SIGKILL");

  const third = await startTenfold(t, directory);
  assert.equal(third.url, first.url);
  await untilGone(before);
  await assertNoneFailed(loads);
});

test("services that call each other are not cut off by a takeover", async (t) => {
  // Asks when the gateway that had brought the request may be gone.
  const front = `
    import { createServer, get } from "node:http";
    import { text } from "node:stream/consumers";
    createServer((request, response) =>
      setTimeout(
        () =>
          get(process.env.API_URL + request.url, { agent: false })
            .on("response", async (answer) => response.end(await text(answer)))
            .on("error", (error) => response.writeHead(500).end(String(error))),
        1_000,
      ),
    ).listen(Number(process.env.PORT), process.env.HOST);`;
  const config = {
    services: { front: { command: "node front.js", routes: ["/*"] }, api: { command: "node echo.js", routes: [] } },
    database: false,
    orphanGrace: "60s",
  };
  const directory = createProject(t, {
    "package.json": '{ "type": "module" }',
    "front.js": front,
    "echo.js": readFileSync(join(import.meta.dirname, "../fixtures/apps/echo.js"), "utf8"),
    "tenfold.config.ts": `import { defineConfig } from "tenfold";\nexport default defineConfig(${JSON.stringify(config)});\n`,
  });
  const first = await startTenfold(t, directory);
  const before = ledger(directory);
  const loads = startLoads(first.url);
  process.kill(first.pid, "SIGKILL");
  await startTenfold(t, directory);
  await untilGone(before);
  await assertNoneFailed(loads);
});

test("after `kill -9` of everything, the next start recovers with all data", async (t) => {
  const directory = project(t, "60s");
  const first = await startTenfold(t, directory);
  await query(await databaseUrl(first), "create table kept as select 44 as answer");
  const processes = ledger(directory);
  process.kill(first.pid, "SIGKILL");
  for (const { identity } of processes) process.kill(identity.pid, "SIGKILL");

  const second = await startTenfold(t, directory);
  assert.deepEqual(await query(await databaseUrl(second), "select answer from kept"), [{ answer: 44 }]);
});

test("`tenfold stop` ends what a killed platform left, within the grace too", async (t) => {
  const directory = project(t, "60s");
  const first = await startTenfold(t, directory);
  const processes = ledger(directory);
  process.kill(first.pid, "SIGKILL");
  assert.equal((await first.run("status")).code, 3);
  assert.equal((await first.run("stop")).code, 0);
  assert.deepEqual(
    processes.filter(({ identity }) => isSameProcess(identity)),
    [],
  );
});
