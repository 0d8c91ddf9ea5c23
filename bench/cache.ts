/**
 * How fast is the cache beside others, how often does it spare the origin, and what does it cost? One row per question (`cache/rows`), each with
 * its targets.
 *
 * The cache has core 0 for itself; the load (wrk) and the origin, which counts what it is asked, share core 1. Before anything is timed, all
 * contenders are shown to answer with the same bytes, and not to ask the origin again (`cache/parity.ts`). Rows are written as they end,
 * each into its place in the results.
 *
 *     node bench/cache.ts [--only hit-small,memory] [--contenders "nginx;tenfold"] [--rounds 5] [--seconds 5]
 *                         [--trace-requests 100000] [--objects 1000000] [--out bench/results/cache.json]
 */
import { join } from "node:path";
import type { CacheSite } from "./cache/cache-site.ts";
import { type ContenderName, startContender } from "./cache/contenders.ts";
import { startOrigin } from "./cache/origin.ts";
import { assertParity } from "./cache/parity.ts";
import { rows } from "./cache/rows/rows.ts";
import { commonSettings, runBenchmark } from "./support/benchmark.ts";

const settings = { ...commonSettings, "trace-requests": 100_000, objects: 1_000_000 };
/** It has no cache. */
const bound: ContenderName = "canned answer on a raw socket";

await runBenchmark<CacheSite, ContenderName, typeof settings>({
  question: "How many stored answers does a gateway serve on one core, and how often is the origin asked nevertheless?",
  results: join(import.meta.dirname, "results/cache.json"),
  rows,
  programs: { wrk: "wrk", nginx: "nginx-light" },
  peers: { varnish: ["varnishd", "varnish"] },
  versions: { programs: { nginx: ["nginx", "-v"], varnish: ["varnishd", "-V"] }, packages: [] },
  settings,
  checkParity,
  async onSite({ "trace-requests": traceRequests, objects }, _folder, measure) {
    await using origin = await startOrigin();
    await measure({ origin, traceRequests, objects });
  },
});

async function checkParity(names: readonly ContenderName[]): Promise<void> {
  const caches = names.filter((name) => name !== bound);
  for (const name of caches) {
    await using origin = await startOrigin();
    const running = await startContender(name, origin);
    await assertParity(name, running.port, origin).finally(() => running.stop());
  }
  console.log(`Parity: ${caches.length} caches answer with the same bytes, and do not ask the origin again.`);
}
