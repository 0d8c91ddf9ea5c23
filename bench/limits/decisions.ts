import { inTurns, medians } from "../support/in-turns.ts";
import { cpuTimes } from "../support/machine.ts";
import { spread } from "../support/statistics.ts";
import { type Figures, significant } from "../support/target.ts";
import { isDecider } from "./contenders.ts";
import type { LimitsSite } from "./limits-site.ts";
import type { Row } from "./row.ts";
import type { Work } from "./subject/protocol.ts";
import { type RunningDecider, type Started, startDecider } from "./subject/start.ts";

export interface Decisions extends Pick<Started, "allowance" | "keys" | "isZipf"> {
  /** By Redis, and with all of the site's callers at once; else in memory, one decision after the other. */
  readonly isShared: boolean;
}

/** As many decisions as can be had in the time. */
export function decisions({ isShared, ...asked }: Decisions): Row["measure"] {
  return (row, site) => {
    const { seconds, connections, redis } = site;
    const started = { ...asked, seconds, callers: isShared ? connections : 1, redisUrl: redis.url };
    return inTurns(row.contenders.filter(isDecider), site, {
      async start(name) {
        await redis.flush();
        return startDecider(name, started);
      },
      measure: (running) => (isShared ? workWithRedis(running, site) : work(running)),
      word: ({ decisionsPerSecond }) => `${Math.round(decisionsPerSecond!)} decisions/s`,
      summarise: (rounds) => {
        const paces = rounds.map(({ decisionsPerSecond }) => decisionsPerSecond!);
        return { ...medians(rounds), spreadPercent: significant(spread(paces) * 100) };
      },
    });
  };
}

async function work(running: RunningDecider): Promise<Figures> {
  await running.ask("warmUp");
  return figuresOf(await running.ask("work"));
}

async function workWithRedis(running: RunningDecider, { redis }: LimitsSite): Promise<Figures> {
  await running.ask("warmUp");
  const [before, cpuBefore] = [await redis.commands(), cpuTimes([redis.pid])];
  const done = await running.ask("work");
  const [after, cpuAfter] = [await redis.commands(), cpuTimes([redis.pid])];
  const cpuSeconds = cpuAfter.userSeconds + cpuAfter.systemSeconds - cpuBefore.userSeconds - cpuBefore.systemSeconds;
  return {
    ...figuresOf(done),
    redisCpuMicros: Math.max(0, cpuSeconds / done.decisions) * 1e6,
    callsPerDecision: (after.calls - before.calls) / done.decisions,
    commandsPerDecision: (after.all - before.all) / done.decisions,
  };
}

function figuresOf({ decisions, refused, errors, seconds, cpuSeconds }: Work): Figures {
  return {
    decisionsPerSecond: decisions / seconds,
    cpuMicros: (cpuSeconds / decisions) * 1e6,
    refusedPercent: (refused / decisions) * 100,
    errors,
  };
}
