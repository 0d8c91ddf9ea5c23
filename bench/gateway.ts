/**
 * How fast is the gateway beside others, and does it stay so? One row per question (`gateway/rows`), each with its targets.
 *
 * The proxy has core 0 for itself; the load (wrk) and the origin (nginx, canned answers) share core 1. Before anything is timed, all
 * contenders are shown to do the same work (`gateway/parity`). Rows are written as they end, each into its place in the results.
 *
 *     node bench/gateway.ts [--only json,post] [--contenders "nginx;tenfold"] [--rounds 5] [--seconds 5] [--steady-seconds 300]
 *                           [--out bench/results/gateway.json]
 */
import { join } from "node:path";
import type { BenchSite } from "./gateway/bench-site.ts";
import { type ContenderName, contenders } from "./gateway/contenders.ts";
import { startOrigin } from "./gateway/origin.ts";
import { assertParity } from "./gateway/parity/parity.ts";
import { startRecorder } from "./gateway/parity/recorder.ts";
import { rows } from "./gateway/rows/rows.ts";
import { commonSettings, runBenchmark } from "./support/benchmark.ts";

const settings = { ...commonSettings, "steady-seconds": 300 };

await runBenchmark<BenchSite, ContenderName, typeof settings>({
  question: "How many requests does a gateway forward on one core, and what does each cost?",
  results: join(import.meta.dirname, "results/gateway.json"),
  rows,
  programs: { wrk: "wrk", nginx: "nginx-light", haproxy: "haproxy", caddy: "caddy" },
  versions: {
    programs: { nginx: ["nginx", "-v"], haproxy: ["haproxy", "-v"], caddy: ["caddy", "version"] },
    packages: ["undici", "@fastify/reply-from", "fastify", "http-proxy-3"],
  },
  settings,
  checkParity,
  async onSite({ "steady-seconds": steadySeconds }, folder, measure) {
    const { origin, upstream } = await startOrigin(folder);
    await measure({ upstream, steadySeconds, idleConnections: 10_000 }).finally(() => origin.stop());
  },
});

async function checkParity(names: readonly ContenderName[], folder: string): Promise<void> {
  await using recorder = await startRecorder(join(folder, "recorder.sock"));
  for (const name of names) {
    const running = await contenders[name](recorder);
    await assertParity(name, running.port, recorder).finally(() => running.stop());
  }
  console.log(`Parity: ${names.length} contenders pass on the same bytes, both ways, and add the same fields.`);
}
