import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Tally } from "./campaign.ts";
import type { WorkerReport } from "./campaign-worker.ts";

export interface SearchOptions {
  readonly seed: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly onProgress?: (tally: Tally) => void;
}

export interface SearchResult {
  readonly tally: Tally;
  /** What differed, for people; `undefined`: nothing. */
  readonly failure: string | undefined;
}

/** Seeds of one thread are this far from those of the next; even, as whether a seed is decides what it is shown over. */
const stride = 100_000_000;

/** Looks for a difference between the gateway's two paths, on all cores, until one is found or the signal says that it is enough. */
export async function searchForDifferences({ seed, signal, onProgress }: SearchOptions): Promise<SearchResult> {
  const tallies: Tally[] = [];
  const failures: string[] = [];
  const total = (name: keyof Tally): number => tallies.reduce((sum, tally) => sum + tally[name], 0);
  const sum = (): Tally => ({
    inputs: total("inputs"),
    runs: total("runs"),
    late: total("late"),
    fast: total("fast"),
  });
  const failed = new AbortController();
  const over = AbortSignal.any([signal, failed.signal]);
  const threads = Array.from({ length: availableParallelism() }, async (_, index) => {
    const worker = new Worker(new URL("campaign-worker.ts", import.meta.url), {
      workerData: { seed: (seed + index * stride) | 0 },
    });
    const stop = (): void => worker.postMessage("stop");
    if (over.aborted) stop();
    over.addEventListener("abort", stop);
    worker.on("message", ({ tally, failure }: WorkerReport) => {
      tallies[index] = tally;
      if (failure !== undefined) failures.push(failure);
      onProgress?.(sum());
    });
    await new Promise<void>((resolve, reject) => {
      worker.once("error", reject);
      worker.once("exit", () => resolve());
    }).finally(() => failed.abort());
    over.removeEventListener("abort", stop);
  });
  const ends = await Promise.allSettled(threads);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return { tally: sum(), failure: failures.length === 0 ? undefined : failures.join("\n\n") };
}
