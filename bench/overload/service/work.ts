import { pbkdf2Sync } from "node:crypto";
import pg from "pg";
import type { ServicePlan, WorkDone } from "./service-plan.ts";

export const cpuMs = 5;
export const poolSize = 10;
const queryMs = 20;

/** What a request costs. */
export interface Work {
  readonly holds: WorkDone["holds"];
  /** @param times as much as usual. @returns how long it held that. Milliseconds */
  readonly run: (times: number) => number | Promise<number>;
}

export function workOf({ kind, databaseUrl }: ServicePlan): Work {
  if (kind === "cpu") return compute(roundsIn(cpuMs));
  const pool = new pg.Pool({ connectionString: databaseUrl!, max: poolSize });
  pool.on("error", () => undefined);
  return {
    holds: poolSize,
    async run(times) {
      const client = await pool.connect();
      const from = performance.now();
      const error = await client.query("select pg_sleep($1)", [(queryMs * times) / 1_000]).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      client.release(error);
      if (error !== undefined) throw error;
      return performance.now() - from;
    },
  };
}

const compute = (rounds: number): Work => ({
  holds: "the core",
  run(times) {
    const from = process.threadCpuUsage();
    derive(rounds * times);
    const { user, system } = process.threadCpuUsage(from);
    return (user + system) / 1_000;
  },
});

/** Rounds of hashing: what a JIT compiler makes of a loop would change while it is measured. */
function derive(rounds: number): void {
  pbkdf2Sync("work", "salt", rounds, 32, "sha256");
}

/** By the least of some tries: the others were interrupted. */
function roundsIn(ms: number): number {
  const tried = 1_000;
  let least = Infinity;
  for (let i = 0; i < 50; i++) {
    const from = performance.now();
    derive(tried);
    least = Math.min(least, performance.now() - from);
  }
  return Math.round((tried / least) * ms);
}
