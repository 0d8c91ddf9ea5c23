import { inTurns, medians } from "../../support/in-turns.ts";
import { criticalPath } from "../gateway/gateway-plan.ts";
import { answeredPercent, clientTimeoutMs, type MeasuredService, reaches, settleSeconds } from "../goodput.ts";
import type { Row } from "../overload-site.ts";
import { calm, capacityOf, type LoadOutcome, loadStack, type Stack, startStack } from "../stack.ts";

const multiples = [2, 5, 10] as const;
/** Of what the service can do, the critical requests ask for so much. */
const criticalShare = 0.75;
/** More than that they must not have asked for, in any such stretch, of what it could do just then: a machine may become slower. */
const mostDemand = { share: 0.9, seconds: 3 };
const maxTries = 5;

export const critical = ({ name, title, plan, atOnce }: MeasuredService): Row => ({
  name: `${name}-critical`,
  title: `${title}, critical requests among too many`,
  contenders: ["tenfold", "tenfold, overload: false"],
  targets: multiples.map((times) =>
    reaches(99.9, {
      of: "tenfold",
      figure: `criticalPercentAt${times}`,
      wanted: `tenfold: critical requests ≥ 99.9 % answered at ${times} times capacity`,
    }),
  ),
  note:
    `Critical requests ask for ${criticalShare * 100} % of what the service can do, others for all the rest. Where the machine became so slow meanwhile that this was over ` +
    `${mostDemand.share * 100} % of what it could do for ${mostDemand.seconds} seconds, it is measured again.`,
  measure: (row, { databaseUrl, seconds, ...site }) =>
    inTurns(row.contenders, site, {
      start: (contender) => startStack(contender, { ...plan, databaseUrl }),
      async measure(stack) {
        const figures: Record<string, number> = {};
        for (const times of multiples) {
          const { percent, demandPercent } = await measureCritical(stack, { times, atOnce, seconds });
          figures[`criticalPercentAt${times}`] = percent;
          figures[`demandPercentAt${times}`] = demandPercent;
        }
        return figures;
      },
      word: (figures) =>
        multiples.map((times) => `${figures[`criticalPercentAt${times}`]!.toFixed(2)} % at ${times}`).join(", "),
      summarise: medians,
    }),
});

interface Asked {
  readonly times: number;
  readonly atOnce: number;
  readonly seconds: number;
}

async function measureCritical(
  stack: Stack,
  { times, atOnce, seconds }: Asked,
): Promise<{ percent: number; demandPercent: number }> {
  for (let attempt = 1; ; attempt++) {
    const { perSecond: capacity } = await capacityOf(stack, atOnce);
    const streams = [
      { path: criticalPath, perSecond: capacity * criticalShare },
      { path: "/", perSecond: capacity * (times - criticalShare) },
    ];
    const outcome = await loadStack(stack, { seconds, timeoutMs: clientTimeoutMs, streams });
    await calm(stack);
    const demand = highestDemand(outcome, seconds);
    if (demand > mostDemand.share && attempt < maxTries) continue;
    return { percent: answeredPercent(outcome.results[0]!, settleSeconds, seconds), demandPercent: 100 * demand };
  }
}

/** Of critical requests, in the stretch in which it was the most, of what could be done just then. */
function highestDemand({ results, couldDo }: LoadOutcome, seconds: number): number {
  const { asked } = results[0]!;
  const stretches = Array.from({ length: seconds - mostDemand.seconds + 1 }, (_, from) => {
    const to = from + mostDemand.seconds;
    const sum = asked.slice(from, to).reduce((all, each) => all + each, 0);
    return sum / mostDemand.seconds / couldDo(from, to);
  });
  return Math.max(...stretches);
}
