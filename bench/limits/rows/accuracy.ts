import { highest, inTurns } from "../../support/in-turns.ts";
import type { Running } from "../../support/servers.ts";
import { loadCore, proxyCore } from "../../support/site.ts";
import { type Target, within } from "../../support/target.ts";
import { accuracyOf } from "../accuracy/accuracy.ts";
import { type DeciderName, isDecider } from "../contenders.ts";
import type { LimitsSite } from "../limits-site.ts";
import type { Row } from "../row.ts";
import { type RunningDecider, startDecider } from "../subject/start.ts";

const allowance = { count: 2_000, windowSeconds: 1 };
/** Of the demand, what each process has of it. */
const shares = [0.4, 0.3, 0.2, 0.1];

const targets: readonly Target[] = [
  within(1, { of: "tenfold, leased", figure: "overPercent", wanted: "tenfold, leased: ≤ 1 % over in any window" }),
  within(2, { of: "tenfold, leased", figure: "underPercent", wanted: "tenfold, leased: ≤ 2 % under" }),
  within(0, {
    of: "tenfold, exact",
    figure: "overForCertainPercent",
    wanted: "tenfold, exact: nothing over in any window",
  }),
];

/** What is let through where several processes count in one Redis. */
export const accuracy: readonly Row[] = [0.9, 1.5, 5].map((demand) => ({
  name: `accuracy-${demand}`,
  title: `4 processes share 2,000/s through Redis, and are asked for ${demand} times that`,
  contenders: ["tenfold, leased", "tenfold, exact", "rate-limiter-flexible, Redis"],
  targets,
  note:
    "The worst of all rounds. Processes have 40, 30, 20 and 10 % of the demand, as chance has it. Over: the most that was let through in any second, by the moments of the answers; " +
    "for certain: by when it was asked and answered, since a decision falls anywhere between. Under: less than a limiter without error lets through in all, or as much but " +
    "later; the greater of both. rate-limiter-flexible counts in fixed windows, and is not meant to hold in others.",
  measure: (row, site) => measure(row, site, demand * allowance.count),
}));

interface RunningGroup extends Running {
  readonly processes: readonly RunningDecider[];
}

function measure(row: Row, site: LimitsSite, perSecond: number): ReturnType<Row["measure"]> {
  const { redis } = site;
  let seed = 1;
  return inTurns<RunningGroup, DeciderName>(row.contenders.filter(isDecider), site, {
    async start(name) {
      await redis.flush();
      const started = { allowance, redisUrl: redis.url, seconds: site.accuracySeconds };
      const processes = await Promise.all(
        shares.map((share, i) =>
          startDecider(
            name,
            { ...started, perSecond: share * perSecond, seed: seed++ },
            { core: i % 2 === 0 ? proxyCore : loadCore },
          ),
        ),
      );
      return {
        processes,
        port: 0,
        pids: processes.flatMap(({ pids }) => pids),
        stop: async () => void (await Promise.all(processes.map((each) => each.stop()))),
      };
    },
    async measure({ processes }) {
      const before = await redis.commands();
      const logs = await Promise.all(processes.map((each) => each.ask("demand")));
      const after = await redis.commands();
      const figures = accuracyOf(logs, allowance);
      return {
        ...figures,
        callsPerDecision: (after.calls - before.calls) / figures["decisions"]!,
        commandsPerDecision: (after.all - before.all) / figures["decisions"]!,
      };
    },
    word: ({ overPercent, overForCertainPercent, underPercent }) =>
      `over ${overPercent!.toFixed(2)} % (for certain ${overForCertainPercent!.toFixed(2)} %), under ${underPercent!.toFixed(2)} %`,
    summarise: highest,
  }).then((measured) => ({ ...measured, setting: { accuracySeconds: site.accuracySeconds } }));
}
