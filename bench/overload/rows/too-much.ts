import { inTurns, medians } from "../../support/in-turns.ts";
import type { Figures } from "../../support/target.ts";
import { clientTimeoutMs, goodput, type MeasuredService, reaches, settleSeconds } from "../goodput.ts";
import { runLoad } from "../load/run-load.ts";
import type { Row } from "../overload-site.ts";
import { calm, capacityOf, contenderNames, startStack } from "../stack.ts";

const multiples = [1, 2, 5, 10] as const;

/** Goodput at so many times what the service can do. */
export const tooMuch = ({ name, title, plan, atOnce }: MeasuredService): Row => ({
  name,
  title: `${title}, asked for too much`,
  contenders: contenderNames,
  targets: multiples.slice(1).map((times) =>
    reaches(90, {
      of: "tenfold",
      figure: `goodputPercentAt${times}`,
      wanted: `tenfold: goodput ≥ 90 % of its peak at ${times} times capacity`,
    }),
  ),
  note:
    "Goodput: answers of 200 within the client's second, counted from when the request was to be sent; as a share of its peak, which is the most of what it does " +
    "when asked for just as much as it can do, and at any of the loads.",
  measure: (row, { databaseUrl, seconds, ...site }) =>
    inTurns(row.contenders, site, {
      start: (contender) => startStack(contender, { ...plan, databaseUrl }),
      async measure(stack) {
        const capacity = await capacityOf(stack, atOnce);
        const goodputs: number[] = [];
        const more: Record<string, number> = {};
        for (const times of multiples) {
          const load = { port: stack.port, seconds, timeoutMs: clientTimeoutMs };
          const results = await runLoad({ ...load, streams: [{ path: "/", perSecond: capacity * times }] });
          goodputs.push(goodput(results, settleSeconds, seconds));
          more[`p99MsAt${times}`] = results[0]!.answeredMs.p99;
          await calm(stack);
        }
        const peak = Math.max(capacity, ...goodputs);
        const percents = multiples.map((times, i) => [`goodputPercentAt${times}`, (100 * goodputs[i]!) / peak]);
        return { capacity, ...(Object.fromEntries(percents) as Figures), ...more };
      },
      word: (figures) =>
        multiples.map((times) => `${figures[`goodputPercentAt${times}`]!.toFixed(0)} % at ${times}`).join(", "),
      summarise: medians,
    }),
});
