import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test, type TestContext } from "node:test";
import type { CountedLimit } from "../../src/limits/decider.ts";
import { gcra, sliding } from "../../src/limits/stores/contract.ts";
import { MemoryStore } from "../../src/limits/stores/memory.ts";
import type { LimitStoreAddress } from "../../src/limits/stores/open-store.ts";
import { LimitStoreServer } from "../../src/limits/stores/platform/store-server.ts";
import { cleanUp } from "../support/cleanup.ts";
import type { CountingJob } from "../support/limits/counting-process.ts";
import { TestRedis, withoutRedis } from "../support/redis.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const program = join(import.meta.dirname, "../support/limits/counting-process.ts");
const stores: Record<string, (t: TestContext) => Promise<LimitStoreAddress>> = { platform, redis };

for (const [name, open] of Object.entries(stores)) {
  for (const mode of ["exact", "leased"] as const) {
    test(
      `${name}: three processes have together what one would have, ${mode}`,
      { skip: name === "redis" && withoutRedis },
      async (t) => {
        const address = await open(t);
        for (const quota of [sliding(1_000, 3_600_000), gcra(1_000, 3_600_000)]) {
          const limit: CountedLimit = { name: "limit", mode, whenAway: "open" };
          const job: CountingJob = [
            address,
            limit,
            { scope: "limit", caller: quota.algorithm, quota, amount: 1 },
            2_000,
          ];
          const counts = await Promise.all([count(t, job), count(t, job), count(t, job)]);
          const admitted = counts.reduce((sum, each) => sum + each, 0);
          // A bucket regains some while they run. Of leases, what one has not spent may be left when the others have been refused.
          const [least, most] = [mode === "exact" ? 1_000 : 900, quota.algorithm === "gcra" ? 1_010 : 1_000];
          assert.ok(admitted >= least && admitted <= most, `${quota.algorithm}: ${counts.join(" + ")}`);
        }
      },
    );
  }
}

async function platform(t: TestContext): Promise<LimitStoreAddress> {
  const path = join(temporaryDirectory(t), "limits.sock");
  const server = new LimitStoreServer(new MemoryStore(), path);
  await server.start();
  cleanUp(t, () => server.stop());
  return { kind: "platform", path };
}

async function redis(t: TestContext): Promise<LimitStoreAddress> {
  return { kind: "redis", url: (await TestRedis.start(t)).url, prefix: "test:" };
}

/** @returns how many it was let through */
async function count(t: TestContext, job: CountingJob): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, program, JSON.stringify(job)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  cleanUp(t, () => child.kill("SIGKILL"));
  return Number(await text(child.stdout));
}
