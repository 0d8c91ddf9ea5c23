import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type Outcomes, readAndWrite } from "../support/realworld/readers-and-writers.ts";
import { createProject, startTenfold } from "../support/tenfold.ts";

const example = join(import.meta.dirname, "../../examples/conduit");

/** The example on an empty database, with little time for what is cached. */
const config = (cacheSeconds: number): string => `
import conduit from ${JSON.stringify(join(example, "tenfold.config.ts"))};
const { setup: _, ...rest } = conduit;
export default {
  ...rest,
  database: { replicas: 0 },
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

test("what was changed is never shown as it was, to nobody, while most that strangers read comes from the cache", async (t) => {
  const tenfold = await startTenfold(t, createProject(t, { "tenfold.config.ts": config(1) }));
  const seed = Number(process.env["TEST_SEED"] ?? Date.now() % 1_000_000);
  t.diagnostic(`TEST_SEED=${seed}`);
  const options = { worlds: 3, writes: 60, readers: 8, random: createRandom(seed), maxAgeSeconds: 2 };
  const outcomes = await readAndWrite(tenfold.url, options);
  t.diagnostic(JSON.stringify(Object.fromEntries(outcomes)));
  assert.ok(share(outcomes, "hit") > 0.2, JSON.stringify([...outcomes]));
});
