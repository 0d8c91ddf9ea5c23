import { type CpuTimes, cpuTimes } from "../support/machine.ts";
import type { Running } from "../support/servers.ts";
import { median, spread } from "../support/statistics.ts";
import { type Load, runWrk } from "../support/wrk.ts";
import { type BenchSite, host, loadCore } from "./bench-site.ts";
import { contenders, type ContenderName } from "./contenders.ts";
import { paths } from "./origin.ts";
import type { Measured, Row } from "./row.ts";
import { type Figures, significant } from "./target.ts";

/** What clients ask for. */
export interface Requests extends Pick<Load, "headers" | "script"> {
  readonly path?: string;
}

/** Until a JIT compiler has seen what comes. */
const warmUpSeconds = 2;

/**
 * As much as the proxy takes. All take turns, round by round, so that a slow minute of the machine is everyone's; each is started anew
 * in each round, since what a JIT compiler makes of the same code differs from process to process.
 */
export function throughput(requests: Requests = {}): Row["measure"] {
  return async ({ contenders: names }, site): Promise<Measured> => {
    const rounds = new Map<ContenderName, Figures[]>(names.map((name) => [name, []]));
    for (let round = 1; round <= site.rounds; round++) {
      for (const name of names) {
        const figures = await withContender(name, site, async (running) => {
          await load(running, requests, site, Math.min(warmUpSeconds, site.seconds));
          return load(running, requests, site, site.seconds);
        });
        rounds.get(name)!.push(figures);
        site.log(`round ${round}  ${name.padEnd(34)} ${Math.round(figures["requestsPerSecond"]!)} requests/s`);
      }
    }
    return { results: Object.fromEntries([...rounds].map(([name, all]) => [name, summarise(all)])) };
  };
}

/** Starts a contender, and ends it whatever happens. */
export async function withContender<T>(
  name: ContenderName,
  site: BenchSite,
  use: (running: Running) => Promise<T>,
): Promise<T> {
  const running = await contenders[name](site.upstream);
  try {
    return await use(running);
  } finally {
    await running.stop();
  }
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

/** Medians, but for the errors, of which each counts. */
export function summarise(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0]!);
  const middle = names.map((name) => [name, significant(median(rounds.map((figures) => figures[name]!)))] as const);
  const perSecond = rounds.map((figures) => figures["requestsPerSecond"]!);
  return {
    ...Object.fromEntries(middle),
    spreadPercent: significant(spread(perSecond) * 100),
    errors: rounds.reduce((sum, { errors = 0 }) => sum + errors, 0),
  };
}

function difference(after: CpuTimes, before: CpuTimes): CpuTimes {
  return {
    userSeconds: after.userSeconds - before.userSeconds,
    systemSeconds: after.systemSeconds - before.systemSeconds,
  };
}
