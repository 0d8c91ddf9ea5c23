import { inTurns, medians, type Turn } from "./in-turns.ts";
import { type CpuTimes, cpuTimes } from "./machine.ts";
import type { Running } from "./servers.ts";
import { host, loadCore, type Site } from "./site.ts";
import { spread } from "./statistics.ts";
import { type Figures, type Measured, significant } from "./target.ts";
import { type Load, type LoadResult, runWrk } from "./wrk.ts";

export interface RunningContender extends Running {
  /** Tenfold's requests so far, by the path that served them. */
  readonly paths?: () => Promise<Paths>;
}

export interface Paths {
  readonly fast: number;
  readonly full: number;
}

/** What clients ask for. */
export interface Requests extends Pick<Load, "headers" | "script"> {
  readonly path: string;
  /** Who asks. Default: `wrk`. */
  readonly run?: (load: Load) => Promise<LoadResult>;
}

export interface Throughput<R extends Running, Name extends string> extends Pick<Turn<R, Name>, "start"> {
  readonly requests: Requests;
  /** Before the load. */
  readonly prepare?: (running: R) => Promise<void>;
  /** After it: what else there is to say. */
  readonly more?: (running: R) => Promise<Figures>;
}

/** As much as everybody takes. */
export function measureThroughput<R extends RunningContender, Name extends string>(
  names: readonly Name[],
  site: Site,
  { start, requests, prepare, more }: Throughput<R, Name>,
): Promise<Measured> {
  return inTurns<R, Name>(names, site, {
    start,
    measure: async (running) => {
      await prepare?.(running);
      await warmUp(running, requests, site);
      const figures = await load(running, requests, site, site.seconds);
      return { ...figures, ...(await fastShare(running)), ...(await more?.(running)) };
    },
    word: (figures) => `${Math.round(figures["requestsPerSecond"]!)} requests/s`,
    summarise: (rounds) => ({ ...medians(rounds), spreadPercent: significant(spreadOf(rounds) * 100) }),
  });
}

const warmUpSeconds = 2;

/** Until a JIT compiler has seen what comes, and a heap has grown. */
export async function warmUp(running: Running, requests: Requests, site: Site): Promise<void> {
  await load(running, requests, site, Math.min(warmUpSeconds, site.seconds));
}

/** One run of the load against what runs, and what it cost there. */
export async function load(
  running: Running,
  { path, headers, script, run = runWrk }: Requests,
  site: Pick<Site, "connections">,
  seconds: number,
): Promise<Figures> {
  const before = cpuTimes(running.pids);
  const started = performance.now();
  const { requests, perSecond, p50Ms, p99Ms, errors } = await run({
    url: `http://127.0.0.1:${running.port}${path}`,
    core: loadCore,
    connections: site.connections,
    seconds,
    headers: { Host: host, ...headers },
    ...(script === undefined ? {} : { script }),
  });
  const elapsedSeconds = (performance.now() - started) / 1_000;
  const { userSeconds, systemSeconds } = difference(cpuTimes(running.pids), before);
  const perRequest = (cpuSeconds: number): number => (cpuSeconds / requests) * 1e6;
  return {
    requestsPerSecond: perSecond,
    cpuMicros: perRequest(userSeconds + systemSeconds),
    userMicros: perRequest(userSeconds),
    systemMicros: perRequest(systemSeconds),
    // Well below 100: the load or the origin was the limit, and the CPU time per request is the number to compare.
    busyPercent: ((userSeconds + systemSeconds) / elapsedSeconds) * 100,
    p50Ms,
    p99Ms,
    errors,
  };
}

/** Of Tenfold: a row in which requests leave the fast path unnoticed would measure the other. */
async function fastShare({ paths }: RunningContender): Promise<Figures> {
  const served = await paths?.();
  return served === undefined ? {} : { fastPathPercent: (served.fast / (served.fast + served.full)) * 100 };
}

function spreadOf(rounds: readonly Figures[]): number {
  return spread(rounds.map((figures) => figures["requestsPerSecond"]!));
}

function difference(after: CpuTimes, before: CpuTimes): CpuTimes {
  return {
    userSeconds: after.userSeconds - before.userSeconds,
    systemSeconds: after.systemSeconds - before.systemSeconds,
  };
}
