/**
 * What does a decision of a limit cost, alone, through Redis and in front of a request; and how exact is it where several processes share it? One row
 * per question (`limits/rows`), each with its targets.
 *
 * Who decides has core 0 for itself; the load (wrk), Redis and the origin share core 1. Before anything is timed, all are shown to let
 * through as many as are allowed, and to answer alike (`limits/parity.ts`). Rows are written as they end, each into its place in the results.
 *
 *     node bench/limits.ts [--only memory-one-key,redis] [--contenders "tenfold, leased;tenfold, exact"] [--rounds 5] [--seconds 5]
 *                          [--accuracy-seconds 10] [--keys 100000] [--out bench/results/limits.json]
 */
import { join } from "node:path";
import { startOrigin } from "./gateway/origin.ts";
import { type ContenderName, isDecider, isServer } from "./limits/contenders.ts";
import type { LimitsSite } from "./limits/limits-site.ts";
import { assertAnswers, assertDecides } from "./limits/parity.ts";
import { startRedis } from "./limits/redis-server.ts";
import { rows } from "./limits/rows/rows.ts";
import { commonSettings, runBenchmark } from "./support/benchmark.ts";

const settings = { ...commonSettings, "accuracy-seconds": 10, keys: 100_000 };

await runBenchmark<LimitsSite, ContenderName, typeof settings>({
  question: "What does a limit cost, and how exact is it where several processes share it?",
  results: join(import.meta.dirname, "results/limits.json"),
  rows,
  programs: { wrk: "wrk", nginx: "nginx-light", "redis-server": "redis-server" },
  versions: {
    programs: { nginx: ["nginx", "-v"], redis: ["redis-server", "--version"] },
    packages: ["rate-limiter-flexible", "@redis/client", "fastify", "@fastify/rate-limit"],
  },
  settings,
  checkParity,
  async onSite({ "accuracy-seconds": accuracySeconds, keys }, folder, measure) {
    await using redis = await startRedis(folder);
    const { origin, upstream } = await startOrigin(folder);
    await measure({ redis, upstream, accuracySeconds, keys }).finally(() => origin.stop());
  },
});

async function checkParity(names: readonly ContenderName[], folder: string): Promise<void> {
  await using redis = await startRedis(folder);
  const { origin, upstream } = await startOrigin(folder);
  try {
    for (const name of names.filter(isDecider)) await assertDecides(name, redis);
    for (const name of names.filter(isServer)) await assertAnswers(name, upstream);
  } finally {
    await origin.stop();
  }
  console.log(`Parity: ${names.length} let through as many as are allowed, or answer alike.`);
}
