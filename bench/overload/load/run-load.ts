import { once } from "node:events";
import { join } from "node:path";
import { endChild, spawnPinned } from "../../support/servers.ts";
import { loadCore } from "../../support/site.ts";
import type { LoadPlan, StreamResult } from "./load-plan.ts";

const program = join(import.meta.dirname, "main.ts");
let runs = 0;

/** @returns one result for each stream */
export async function runLoad(plan: Omit<LoadPlan, "seed">): Promise<readonly StreamResult[]> {
  const options = JSON.stringify({ ...plan, seed: ++runs });
  const child = spawnPinned(loadCore, [process.execPath, "--conditions=tenfold-source", program, options], {
    ipc: true,
  });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`The load ended with ${code}`);
  });
  ended.catch(() => undefined);
  try {
    const [results] = (await Promise.race([once(child, "message"), ended])) as [readonly StreamResult[]];
    return results;
  } finally {
    await endChild(child);
  }
}
