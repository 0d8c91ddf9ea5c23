import { inTurns, medians } from "../../support/in-turns.ts";
import { criticalPath } from "../gateway/gateway-plan.ts";
import { answeredPercent, clientTimeoutMs, type MeasuredService, reaches, settleSeconds } from "../goodput.ts";
import { runLoad } from "../load/run-load.ts";
import type { Row } from "../overload-site.ts";
import { calm, capacityOf, startStack } from "../stack.ts";

const multiples = [2, 5, 10] as const;
/** Of what the service can do, the critical requests ask for so much. */
const criticalShare = 0.8;

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
  note: `Critical requests ask for ${criticalShare * 100} % of what the service can do, others for all the rest.`,
  measure: (row, { databaseUrl, seconds, ...site }) =>
    inTurns(row.contenders, site, {
      start: (contender) => startStack(contender, { ...plan, databaseUrl }),
      async measure(stack) {
        const capacity = await capacityOf(stack, atOnce);
        const figures: Record<string, number> = { capacity };
        for (const times of multiples) {
          const streams = [
            { path: criticalPath, perSecond: capacity * criticalShare },
            { path: "/", perSecond: capacity * (times - criticalShare) },
          ];
          const [result] = await runLoad({ port: stack.port, seconds, timeoutMs: clientTimeoutMs, streams });
          figures[`criticalPercentAt${times}`] = answeredPercent(result!, settleSeconds, seconds);
          await calm(stack);
        }
        return figures;
      },
      word: (figures) =>
        multiples.map((times) => `${figures[`criticalPercentAt${times}`]!.toFixed(2)} % at ${times}`).join(", "),
      summarise: medians,
    }),
});
