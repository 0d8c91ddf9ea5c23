import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { PlatformStatus } from "../../src/platform/index.ts";
import { until } from "../support/engines.ts";
import { type Body, createClient } from "../support/realworld/client.ts";
import { type Outcomes, readAndWrite } from "../support/realworld/readers-and-writers.ts";
import { createProject, type RunningTenfold, startTenfold } from "../support/tenfold.ts";

const example = join(import.meta.dirname, "../../examples/conduit");

const cacheSeconds = 1;
/** Fresh, and then stale for as long again while the gateway asks. */
const maxAgeSeconds = 2 * cacheSeconds;

/** The example on an empty database, with little time for what is cached. */
const config = (gatewayProcesses: number): string => `
import conduit from ${JSON.stringify(join(example, "tenfold.config.ts"))};
const { setup: _, ...rest } = conduit;
export default {
  ...rest,
  database: { replicas: 0 },
  gateway: { processes: ${gatewayProcesses} },
  services: {
    api: {
      ...conduit.services.api,
      cwd: ${JSON.stringify(example)},
      env: { CACHE_SECONDS: "${cacheSeconds}" },
      scale: { min: 2, max: 2 },
    },
  },
};`;

/** mulberry32 */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function share(outcomes: Outcomes, name: string): number {
  const all = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  return (outcomes.get(name) ?? 0) / all;
}

for (const processes of [1, 2]) {
  const gateways = processes === 1 ? "one gateway process" : `${processes} gateway processes`;

  test(`behind ${gateways}, what was changed is never shown as it was, while much of what strangers read is cached`, async (t) => {
    const tenfold = await startTenfold(t, createProject(t, { "tenfold.config.ts": config(processes) }));
    const seed = Number(process.env["TEST_SEED"] ?? Date.now() % 1_000_000);
    t.diagnostic(`TEST_SEED=${seed}`);
    const options = { worlds: 3, writes: 50, readers: 8, random: createRandom(seed), maxAgeSeconds };
    const outcomes = await readAndWrite(tenfold.url, options);
    t.diagnostic(JSON.stringify(Object.fromEntries(outcomes)));
    assert.ok(share(outcomes, "hit") > 0.2, JSON.stringify([...outcomes]));
    await t.test("what passes the gateway by is shown once the time of what is cached is over", () =>
      changeBehindItsBack(tenfold),
    );
  });
}

async function changeBehindItsBack(tenfold: RunningTenfold): Promise<void> {
  const client = createClient(tenfold.url);
  const { token } = await client.register("author");
  const article = { title: `Old ${client.unique}`, description: "old", body: "old" };
  const { slug } = (await client.expect(201, "POST", "/articles", { token, body: { article } })).article;
  const read = async (): Promise<string> => {
    const answer = await client.ask("GET", `/articles/${slug}`);
    assert.ok(Number(answer.headers.get("age") ?? 0) <= maxAgeSeconds);
    return ((await answer.json()) as Body).article.description;
  };
  assert.equal(await read(), "old");

  const { services } = (await tenfold.ask("status")) as PlatformStatus;
  const instance = createClient(`http://${services[0]!.instances[0]!.address}`);
  await instance.expect(200, "PUT", `/articles/${slug}`, { token, body: { article: { description: "new" } } });
  await until(async () => (await read()) === "new");
}
