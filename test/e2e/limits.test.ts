import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Agent, request } from "undici";
import type { KeptAdjustment, LimitsReport } from "../../src/platform/index.ts";
import { createProject, type RunningTenfold, startTenfold } from "../support/tenfold.ts";

const gateway = {
  processes: 2,
  tiers: { partner: { header: { "x-api-key": "geheim" } }, staff: { ip: "10.0.0.0/8" } },
  limits: {
    anonymous: { rate: "100/minute per ip", tiers: { partner: "200/minute" } },
    search: { rate: "10/second burst 20", tiers: { staff: "unlimited" } },
  },
};

function configOf(limits: object): string {
  const services = { web: { static: "public", limits: { files: "50/second per ip" } } };
  return `export default ${JSON.stringify({ services, database: false, gateway: { ...gateway, limits } })};`;
}

function limitedProject(t: TestContext, limits: object = gateway.limits): string {
  const directory = createProject(t, { "tenfold.config.ts": configOf(limits) });
  mkdirSync(join(directory, "public"));
  return directory;
}

interface Shown {
  readonly rate: string;
  readonly now: string;
  readonly until?: number;
}

async function ratesOf(tenfold: RunningTenfold, name: string): Promise<readonly Shown[]> {
  const { limits } = (await tenfold.ask("limits")) as LimitsReport;
  return limits.find((limit) => limit.name === name)!.rates.map(({ tier: _, event: __, ...rate }) => rate);
}

test("limits are set and taken back while everything runs, and what was set survives a restart", async (t) => {
  const directory = limitedProject(t);
  let tenfold = await startTenfold(t, directory);
  const listed = (await tenfold.run("limits")).stdout;
  assert.match(listed, /^anonymous +ip +100\/minute +100\/minute/m);
  assert.match(listed, /^ {2}partner +200\/minute +200\/minute$/m);
  assert.match(listed, /^files +web +ip +50\/second/m);

  const before = Date.now();
  const set = (await tenfold.ask("limits", "set", "partner", "500/minute", "--for", "2h")) as KeptAdjustment;
  assert.deepEqual([set.limit, set.tier, set.rate], ["anonymous", "partner", "500/minute"]);
  assert.ok(set.until! >= before + 7_200_000 && set.until! <= Date.now() + 7_200_000);
  assert.deepEqual(await ratesOf(tenfold, "anonymous"), [
    { rate: "100/minute", now: "100/minute" },
    { rate: "200/minute", now: "500/minute", until: set.until },
  ]);
  const said = await tenfold.run("limits", "set", "search", "unlimited", "--event", "sale", "--json");
  assert.equal(said.code, 0, said.stderr);
  const versions = (await (await request(`${tenfold.control}/api/gateways`)).body.json()) as Record<
    string,
    { snapshotVersion: number }
  >;
  assert.equal(new Set(Object.values(versions).map(({ snapshotVersion }) => snapshotVersion)).size, 1);

  assert.equal((await tenfold.run("stop")).code, 0);
  tenfold = await startTenfold(t, directory);
  assert.equal((await ratesOf(tenfold, "anonymous"))[1]!.now, "500/minute");
  assert.equal((await ratesOf(tenfold, "search"))[0]!.now, "unlimited");

  const taken = await tenfold.run("limits", "reset", "--event", "sale");
  assert.match(taken.stdout, /Took back search \(unlimited\)/);
  assert.equal((await ratesOf(tenfold, "search"))[0]!.now, "10/second burst 20");
  assert.deepEqual(((await tenfold.ask("limits", "reset", "--all")) as { removed: unknown[] }).removed.length, 1);
  assert.match((await tenfold.run("limits", "reset", "partner")).stdout, /Nothing of this was set/);
});

/** Statuses of so many requests, each on a connection of its own, so that both gateways answer; by a caller. */
async function statuses({ url }: RunningTenfold, caller: string, count: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let sent = 0; sent < count; sent++) {
    const dispatcher = new Agent();
    const { statusCode, body } = await request(`${url}/`, { dispatcher, headers: { "x-caller": caller } });
    await body.dump();
    await dispatcher.close();
    counts[statusCode] = (counts[statusCode] ?? 0) + 1;
  }
  return counts;
}

test("a limit is changed while traffic runs, on every gateway at once, and what was counted stays", async (t) => {
  const directory = limitedProject(t, { each: { rate: "6/day per header:x-caller", mode: "exact" } });
  const tenfold = await startTenfold(t, directory);
  assert.deepEqual(await statuses(tenfold, "a", 10), { 404: 6, 429: 4 });
  await tenfold.ask("limits", "set", "each", "9/day");
  assert.deepEqual(await statuses(tenfold, "a", 10), { 404: 3, 429: 7 });
  await tenfold.ask("limits", "reset", "--all");
  assert.deepEqual(await statuses(tenfold, "a", 4), { 429: 4 });
  writeFileSync(
    join(directory, "tenfold.config.ts"),
    configOf({ each: { rate: "11/day per header:x-caller", mode: "exact" } }),
  );
  await tenfold.ask("reload");
  assert.deepEqual(await statuses(tenfold, "a", 5), { 404: 2, 429: 3 });

  const { limits, store } = (await tenfold.ask("limits")) as LimitsReport;
  const { admitted, refused } = limits.find(({ name }) => name === "each")!;
  assert.deepEqual({ store, admitted, refused }, { store: "platform", admitted: 11, refused: 18 });
  assert.match((await tenfold.run("status")).stdout, /^each +11\/day +18 +11$/m);
  const metrics = await (await request(`${tenfold.control}/metrics`)).body.text();
  assert.match(metrics, /^tenfold_limit_requests_total\{gateway="gateway-2",limit="each",outcome="refused"\} \d+$/m);
});

test("a reload brings new limits, and what was set for those that stay", async (t) => {
  const directory = limitedProject(t);
  const tenfold = await startTenfold(t, directory);
  await tenfold.ask("limits", "set", "search", "20/second");
  await tenfold.ask("limits", "set", "files", "60/second");
  writeFileSync(
    join(directory, "tenfold.config.ts"),
    configOf({ search: "5/second burst 30", anonymous: gateway.limits.anonymous, login: "1/second" }),
  );
  await tenfold.ask("reload");
  assert.deepEqual(await ratesOf(tenfold, "search"), [{ rate: "5/second burst 30", now: "20/second burst 120" }]);
  assert.deepEqual(await ratesOf(tenfold, "login"), [{ rate: "1/second", now: "1/second" }]);
  assert.deepEqual(await ratesOf(tenfold, "files"), [{ rate: "50/second", now: "60/second" }]);
});

test("what cannot be set is refused with the fix, and changes nothing", async (t) => {
  const tenfold = await startTenfold(t, limitedProject(t));
  const table: readonly [words: readonly string[], said: RegExp][] = [
    [["set", "anonymus", "5/second"], /did you mean anonymous\?/],
    [["set", "partnr", "5/second"], /did you mean partner\?/],
    [["set", "anonymous", "5 per second"], /did you mean "5\/second"\?/],
    [["set", "anonymous", "5/second burst 10"], /write "5\/second"/],
    [["set", "anonymous", "5/second", "--for", "two hours"], /a duration such as/],
    [["set", "anonymous", "5/second", "--until", "2020-01-01T00:00:00Z"], /give a later one/],
    [["set", "anonymous"], /missing required argument 'rate'/],
    [["reset"], /give a limit, an event, or all/],
    [["reset", "everything"], /there is no limit "everything"/],
    [["rest"], /too many arguments|unknown command/],
  ];
  for (const [words, said] of table) {
    const { code, stdout, stderr } = await tenfold.run("limits", ...words);
    assert.deepEqual([code, stdout], [2, ""], words.join(" "));
    assert.match(stderr, said, words.join(" "));
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
  assert.deepEqual(((await tenfold.ask("limits")) as LimitsReport).adjustments, []);
  const { code } = await tenfold.run("limits", "--config", "/tmp");
  assert.notEqual(code, 0, "no project is there");
});
