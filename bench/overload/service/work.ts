import { pbkdf2Sync } from "node:crypto";
import pg from "pg";
import type { ServicePlan } from "./service-plan.ts";

export const cpuMs = 5;
export const poolSize = 10;
const queryMs = 20;

/** What a request costs. @param times as much as usual */
export type Work = (times: number) => void | Promise<void>;

export function workOf({ kind, databaseUrl }: ServicePlan): Work {
  if (kind === "cpu") return compute(roundsIn(cpuMs));
  const pool = new pg.Pool({ connectionString: databaseUrl!, max: poolSize });
  pool.on("error", () => undefined);
  return async (times) => void (await pool.query("select pg_sleep($1)", [(queryMs * times) / 1_000]));
}

const compute =
  (rounds: number): Work =>
  (times) =>
    derive(rounds * times);

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
