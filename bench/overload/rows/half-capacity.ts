import { setTimeout as pause } from "node:timers/promises";
import { inTurns, medians } from "../../support/in-turns.ts";
import { clientTimeoutMs, type MeasuredService, reaches, settleSeconds } from "../goodput.ts";
import type { Row } from "../overload-site.ts";
import { calm, capacityOf, contenderNames, loadStack, startStack } from "../stack.ts";

const times = 2;

/** In the middle each request becomes twice as much work. */
export const halfCapacity = ({ name, title, plan, atOnce }: MeasuredService): Row => ({
  name: `${name}-half`,
  title: `${title} that becomes half as fast`,
  contenders: contenderNames,
  targets: [
    reaches(90, {
      of: "tenfold",
      figure: "goodputPercentAfter",
      wanted: `tenfold: ${settleSeconds} s after capacity has halved, goodput ≥ 90 % of what is left`,
    }),
  ],
  note: `Asked for ${times} times its capacity; in the middle, each request becomes twice as much work.`,
  measure: (row, { databaseUrl, seconds, ...site }) =>
    inTurns(row.contenders, site, {
      start: (contender) => startStack(contender, { ...plan, databaseUrl }),
      async measure(stack) {
        const capacity = await capacityOf(stack, atOnce);
        const streams = [{ path: "/", perSecond: capacity.perSecond * times }];
        const load = { seconds: 2 * seconds, timeoutMs: clientTimeoutMs, streams };
        const { share } = await loadStack(stack, load, async () => {
          await pause(seconds * 1_000);
          await Promise.all(stack.services.map((service) => service.ask("twiceAsMuch")));
        });
        await Promise.all(stack.services.map((service) => service.ask("asMuchAsBefore")));
        await calm(stack);
        return {
          capacity: capacity.perSecond,
          goodputPercentBefore: (100 * share(settleSeconds, seconds)) / capacity.share,
          // The load has begun a moment before it was waited for.
          goodputPercentAfter: (100 * share(seconds + settleSeconds + 1, 2 * seconds)) / capacity.share,
        };
      },
      word: ({ goodputPercentBefore, goodputPercentAfter }) =>
        `${goodputPercentBefore!.toFixed(0)} %, then ${goodputPercentAfter!.toFixed(0)} % of what is left`,
      summarise: medians,
    }),
});
