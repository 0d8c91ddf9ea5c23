/**
 * What becomes of a service that is asked for more than it can do? One row per question (`overload/rows`), each with its targets.
 *
 * Real processes: a service that computes, or that asks Postgres through a small pool, has core 0 for itself; the gateway before it and the load share core
 * 1. The load comes whether or not answers do (an open loop), and what counts is what is answered within the client's second. Beside it, the same without
 * the gateway's protection, and with `@fastify/under-pressure` in the service. Rows are written as they end, each into its place in the results.
 *
 *     node bench/overload.ts [--only cpu,pool-critical] [--contenders "tenfold"] [--rounds 3] [--seconds 13] [--minutes 10]
 *                            [--out bench/results/overload.json]
 *
 * The row `drift` takes minutes, and is measured only when it is named.
 */
import { join } from "node:path";
import { PostgresCluster } from "../src/engines/index.ts";
import type { OverloadSite } from "./overload/overload-site.ts";
import { rows } from "./overload/rows/rows.ts";
import { type ContenderName, startStack } from "./overload/stack.ts";
import { runLoad } from "./overload/load/run-load.ts";
import { commonSettings, runBenchmark } from "./support/benchmark.ts";

const settings = { ...commonSettings, rounds: 3, seconds: 13, minutes: 10 };

await runBenchmark<OverloadSite, ContenderName, typeof settings>({
  question: "What becomes of a service that is asked for more than it can do?",
  results: join(import.meta.dirname, "results/overload.json"),
  rows,
  programs: {},
  versions: { programs: {}, packages: ["fastify", "@fastify/under-pressure", "pg"] },
  settings,
  checkParity,
  onSite: ({ minutes }, folder, measure) => withDatabase(folder, (databaseUrl) => measure({ databaseUrl, minutes })),
});

/** All answer the same, while there is enough of everything. */
async function checkParity(names: readonly ContenderName[], folder: string): Promise<void> {
  await withDatabase(folder, async (databaseUrl) => {
    for (const name of names) {
      for (const kind of ["cpu", "pool"] as const) {
        const stack = await startStack(name, { kind, instances: 1, databaseUrl });
        try {
          const load = { port: stack.port, seconds: 1, timeoutMs: 5_000 };
          const [result] = await runLoad({ ...load, streams: [{ path: "/", atOnce: 1 }] });
          const { refused, timedOut, failed, answered } = result!;
          if (answered[0] === 0 || refused + timedOut + failed > 0)
            throw new Error(`${name} does not answer: ${JSON.stringify(result)}`);
        } finally {
          await stack.stop();
        }
      }
    }
  });
  console.log(`Parity: ${names.length} contenders answer all that they are asked while there is room.`);
}

async function withDatabase(folder: string, use: (url: string) => Promise<void>): Promise<void> {
  const options = { directory: join(folder, "postgres"), database: "bench", replicas: 0, maxConnections: 100, port: 0 };
  const cluster = new PostgresCluster(options);
  await cluster.start();
  await use(cluster.url).finally(() => cluster.stop());
}
