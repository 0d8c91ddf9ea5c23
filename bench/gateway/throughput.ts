import { type CpuTimes, cpuTimes } from "../support/machine.ts";
import type { Running } from "../support/servers.ts";
import { spread } from "../support/statistics.ts";
import { type Load, runWrk } from "../support/wrk.ts";
import { type BenchSite, host, loadCore } from "./bench-site.ts";
import { inTurns, medians } from "./in-turns.ts";
import { paths } from "./origin.ts";
import type { RunningContender } from "./peers/peer.ts";
import type { Row } from "./row.ts";
import { type Figures, type Measured, significant } from "./target.ts";

/** What clients ask for. */
export interface Requests extends Pick<Load, "headers" | "script"> {
  readonly path?: string;
}

/** As much as the proxy takes. */
export function throughput(requests: Requests = {}): Row["measure"] {
  return async (row, site): Promise<Measured> =>
    inTurns(row, site, {
      measure: async (running) => {
        await warmUp(running, requests, site);
        const figures = await load(running, requests, site, site.seconds);
        return { ...figures, ...(await fastShare(running)) };
      },
      word: (figures) => `${Math.round(figures["requestsPerSecond"]!)} requests/s`,
      summarise: (rounds) => ({ ...medians(rounds), spreadPercent: significant(spreadOf(rounds) * 100) }),
    });
}

const warmUpSeconds = 2;

/** Until a JIT compiler has seen what comes, and a heap has grown. */
export async function warmUp(running: Running, requests: Requests, site: BenchSite): Promise<void> {
  await load(running, requests, site, Math.min(warmUpSeconds, site.seconds));
}

/** One run of the load against what runs, and what it cost there. */
export async function load(
  running: Running,
  { path = paths.small, headers, script }: Requests,
  site: BenchSite,
  seconds: number,
): Promise<Figures> {
  const before = cpuTimes(running.pids);
  const started = performance.now();
  const { requests, perSecond, p50Ms, p99Ms, errors } = await runWrk({
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
