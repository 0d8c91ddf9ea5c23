import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { PurgeOrder } from "../../src/gateway/index.ts";
import { identifyProcess, type TenfoldError } from "../../src/kernel/index.ts";
import type { LedgerEntry } from "../../src/platform/ledger.ts";
import type { PurgeReport } from "../../src/platform/purge-everywhere.ts";
import { Takeover } from "../../src/platform/takeover.ts";
import { cleanUp } from "../support/cleanup.ts";
import { eventually, snapshotOf, startOrigin } from "../support/gateway-fixtures.ts";
import { createGroup, type Group } from "../support/gateway-group.ts";
import { createGatewayProcess, isAlive } from "../support/gateway-process.ts";

/** A purge is over when every gateway process has confirmed it, or is gone. */

const program = join(import.meta.dirname, "../fixtures/gateway-that-notes-purges.ts");
const tags: PurgeOrder = { mode: "soft", by: "tag", tags: ["article:5"] };
const all: PurgeOrder = { mode: "hard", by: "all" };

/** `"<pid> tag soft"`, each order that a process was given. */
function noted({ logFile }: Group): string[] {
  return existsSync(logFile) ? readFileSync(logFile, "utf8").trim().split("\n") : [];
}

const times = (count: number, text: string): string[] => Array.from({ length: count }, () => text);

test("one gateway confirms at once", async (t) => {
  const group = await createGroup(t, { count: 1, program });
  await group.gateways.start(group.snapshot());
  const [pid] = group.pids();
  const { answers, gateways, tookMs } = await group.gateways.purge([tags, all]);
  assert.deepEqual([answers, gateways], [2, ["gateway-1"]]);
  assert.ok(tookMs >= 0);
  assert.deepEqual(noted(group), [`${pid} tag soft`, `${pid} all hard`]);
});

test("several gateways are asked in two rounds, and each answer is counted once", async (t) => {
  const group = await createGroup(t, { count: 2, program });
  await group.gateways.start(group.snapshot());
  const { answers, gateways } = await group.gateways.purge([tags]);
  assert.deepEqual([answers, gateways], [2, ["gateway-1", "gateway-2"]]);
  const lines = noted(group);
  const [first, second] = [lines.slice(0, 2), lines.slice(2)];
  const each = group.pids().map((pid) => `${pid} tag soft`);
  assert.deepEqual([first.toSorted(), second.toSorted()], [each.toSorted(), each.toSorted()]);
});

test("a gateway that drains is asked too", async (t) => {
  const holding: (() => void)[] = [];
  const origin = await startOrigin((_, res) => holding.push(() => res.end("slow")));
  const group = await createGroup(t, { count: 1, program, origin, drainMs: 30_000 });
  await group.gateways.start(group.snapshot());
  const [old] = group.pids();
  const slow = fetch(`http://127.0.0.1:${group.port}/`);
  slow.catch(() => {});
  await eventually(() => holding.length > 0);
  await group.gateways.replace();
  assert.deepEqual(
    group.gateways.status().map(({ state }) => state),
    ["ready", "draining"],
  );
  assert.deepEqual((await group.gateways.purge([all])).gateways, ["gateway-1"]);
  const expected = [...times(2, `${old} all hard`), ...times(2, `${group.pids()[0]} all hard`)];
  assert.deepEqual(noted(group).toSorted(), expected.toSorted());
  holding[0]!();
  assert.equal(await (await slow).text(), "slow");
});

test("a gateway that hangs fails the purge by its name; when it was replaced, the purge succeeds", async (t) => {
  const group = await createGroup(t, { count: 2, program });
  await group.gateways.start(group.snapshot());
  const [first, hung] = group.pids();
  process.kill(hung!, "SIGSTOP");
  await assert.rejects(group.gateways.purge([tags]), ({ code, facts, message }: TenfoldError) => {
    assert.equal(code, "CACHE_PURGE_INCOMPLETE");
    assert.deepEqual(facts, { missing: [`gateway-2 (process ${hung})`], confirmed: ["gateway-1"] });
    assert.match(message, /did not confirm a purge within 3000 ms/);
    return true;
  });
  assert.deepEqual(noted(group), [`${first} tag soft`]);
  await eventually(
    () => group.events.includes("restarted"),
    () => group.events.join(),
    30_000,
  );
  assert.ok(!isAlive(hung!));
  assert.deepEqual((await group.gateways.purge([tags])).gateways, ["gateway-1", "gateway-2"]);
});

test("a gateway that is killed in the middle has no cache any more, and fails nothing", async (t) => {
  const group = await createGroup(t, { count: 2, program });
  await group.gateways.start(group.snapshot());
  const [first, second] = group.pids();
  process.kill(second!, "SIGSTOP");
  cleanUp(t, () => isAlive(second!) && process.kill(second!, "SIGKILL"));
  const purged = group.gateways.purge([tags]);
  await eventually(() => noted(group).includes(`${first} tag soft`));
  process.kill(second!, "SIGKILL");
  assert.deepEqual((await purged).gateways, ["gateway-1", "gateway-2"]);
  assert.deepEqual(
    noted(group).filter((line) => line.startsWith(`${first} `)),
    times(2, `${first} tag soft`),
  );
});

test("a gateway that starts while a purge is under way is empty, or is asked", async (t) => {
  const group = await createGroup(t, { count: 2, program });
  await group.gateways.start(group.snapshot());
  const [first] = group.pids();
  process.kill(first!, "SIGKILL");
  await eventually(() => group.events.includes("crashed"));
  while (!group.events.includes("restarted")) {
    assert.ok((await group.gateways.purge([all])).gateways.includes("gateway-2"));
  }
  assert.deepEqual((await group.gateways.purge([all])).gateways, ["gateway-1", "gateway-2"]);
});

test("a gateway is asked in each moment in which it begins to serve", async (t) => {
  const group = await createGroup(t, { count: 1, program });
  const snapshot = group.snapshot();
  const purges: Promise<PurgeReport>[] = [];
  const purgeForAWhile = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) {
      purges.push(group.gateways.purge([all]));
      await Promise.resolve();
    }
  };
  await group.gateways.start({
    ...snapshot,
    // It is read when the gateway is told of it, and again when the gateway has said that it serves.
    get version() {
      void purgeForAWhile();
      return snapshot.version;
    },
  });
  const asked = (await Promise.all(purges)).map(({ answers }) => answers);
  assert.deepEqual(new Set(asked.slice(asked.indexOf(1))), new Set([1]));
});

test("a gateway of an earlier platform is asked", async (t) => {
  const [earlier, now] = [await createGroup(t, { count: 1, program }), await createGroup(t, { count: 1, program })];
  for (const { gateways, snapshot } of [earlier, now]) await gateways.start(snapshot());
  const takeover = new Takeover(earlier.ledger.living());
  await takeover.begin();
  assert.deepEqual((await now.gateways.purge([all], () => takeover.purgeTargets())).gateways, ["gateway-1"]);
  assert.deepEqual(noted(earlier), times(2, `${earlier.pids()[0]} all hard`));
});

test("a gateway of an earlier platform that does not answer is named, as long as it lives", async (t) => {
  const now = await createGroup(t, { count: 1, program });
  await now.gateways.start(now.snapshot());
  const old = createGatewayProcess(t, { program });
  await old.start(snapshotOf({}));
  const entry: LedgerEntry = {
    kind: "gateway",
    name: "gateway-2",
    identity: identifyProcess(old.pid!)!,
    stop: { signal: "SIGTERM", graceMs: 0 },
    gateway: { controlPath: old.controlPath, since: 0 },
  };
  process.kill(old.pid!, "SIGSTOP");
  const takeover = new Takeover([entry]);
  await takeover.begin();
  const purge = (): Promise<PurgeReport> => now.gateways.purge([all], () => takeover.purgeTargets());
  await assert.rejects(purge(), { code: "CACHE_PURGE_INCOMPLETE", message: new RegExp(`process ${old.pid}`) });
  const ended = once(old, "exit");
  process.kill(old.pid!, "SIGKILL");
  await ended;
  assert.deepEqual((await purge()).gateways, ["gateway-1"]);
});

test("the gateway as it is confirms too", async (t) => {
  const group = await createGroup(t, { count: 2 });
  await group.gateways.start(group.snapshot());
  assert.deepEqual((await group.gateways.purge([tags, all])).gateways, ["gateway-1", "gateway-2"]);
});
