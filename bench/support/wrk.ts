import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Load {
  readonly url: string;
  readonly core: number;
  readonly connections: number;
  readonly seconds: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A program in Lua that makes the requests, with its arguments. */
  readonly script?: readonly [file: string, ...args: string[]];
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

/** One round of `wrk` with one thread, pinned to a core; it counts in whole seconds. */
export async function runWrk({ url, core, connections, seconds, headers = {}, script }: Load): Promise<LoadResult> {
  const fields = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const [file, ...args] = script ?? [];
  const words = ["-t1", `-c${connections}`, `-d${Math.ceil(seconds)}s`, "--latency", ...fields];
  if (file !== undefined) words.push("-s", file);
  words.push(url);
  if (args.length > 0) words.push("--", ...args);
  const { stdout } = await promisify(execFile)("taskset", ["-c", String(core), "wrk", ...words]);
  return readWrk(stdout);
}

function readWrk(text: string): LoadResult {
  const milliseconds = (percentile: string): number => {
    const match = new RegExp(`${percentile}%\\s+([\\d.]+)(us|ms|s)`).exec(text);
    return match === null ? NaN : Number(match[1]) * unitMs[match[2]!]!;
  };
  const count = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  const failed = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? [];
  return {
    requests: count(/(\d+) requests in/),
    perSecond: count(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: milliseconds("50"),
    p99Ms: milliseconds("99"),
    errors: failed.reduce((sum, each) => sum + Number(each), count(/Non-2xx or 3xx responses: (\d+)/)),
  };
}
