import { inTurns, medians } from "../../support/in-turns.ts";
import type { Figures } from "../../support/target.ts";
import { clientTimeoutMs, type MeasuredService, reaches, settleSeconds } from "../goodput.ts";
import type { Row } from "../overload-site.ts";
import { calm, capacityOf, contenderNames, loadStack, startStack } from "../stack.ts";

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
    "Goodput: answers of 200 within the client's second, counted from when the request was to be sent; as a share of what the service could have done in the same seconds, " +
    "by how long its work took then; and that as a share of its peak, which is the most of what is reached when it is asked for just as much as it can do, and at any of the loads.",
  measure: (row, { databaseUrl, seconds, ...site }) =>
    inTurns(row.contenders, site, {
      start: (contender) => startStack(contender, { ...plan, databaseUrl }),
      async measure(stack) {
        const capacity = await capacityOf(stack, atOnce);
        const shares: number[] = [];
        const more: Record<string, number> = {};
        for (const times of multiples) {
          const streams = [{ path: "/", perSecond: capacity.perSecond * times }];
          const { results, share } = await loadStack(stack, { seconds, timeoutMs: clientTimeoutMs, streams });
          shares.push(share(settleSeconds, seconds));
          more[`p99MsAt${times}`] = results[0]!.answeredMs.p99;
          await calm(stack);
        }
        const peak = Math.max(capacity.share, ...shares);
        const percents = multiples.map((times, i) => [`goodputPercentAt${times}`, (100 * shares[i]!) / peak]);
        return { capacity: capacity.perSecond, ...(Object.fromEntries(percents) as Figures), ...more };
      },
      word: (figures) =>
        multiples.map((times) => `${figures[`goodputPercentAt${times}`]!.toFixed(0)} % at ${times}`).join(", "),
      summarise: medians,
    }),
});
