import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Load {
  readonly url: string;
  readonly core: number;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were not 2xx or 3xx, and connections that failed. */
  readonly errors: number;
}

const unitMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000 };

/** One round of `wrk` with one thread, pinned to a core. */
export async function runWrk({ url, core, connections, seconds }: Load): Promise<LoadResult> {
  const args = ["-c", String(core), "wrk", "-t1", `-c${connections}`, `-d${seconds}s`, "--latency", url];
  const { stdout } = await promisify(execFile)("taskset", args);
  const milliseconds = (percentile: string): number => {
    const match = new RegExp(`${percentile}%\\s+([\\d.]+)(us|ms|s)`).exec(stdout);
    return match === null ? NaN : Number(match[1]) * unitMs[match[2]!]!;
  };
  const count = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? 0);
  return {
    requests: count(/(\d+) requests in/),
    perSecond: count(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: milliseconds("50"),
    p99Ms: milliseconds("99"),
    errors: count(/Non-2xx or 3xx responses: (\d+)/) + count(/Socket errors: connect (\d+)/),
  };
}
