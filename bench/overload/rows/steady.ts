import { inTurns, medians } from "../../support/in-turns.ts";
import { clientTimeoutMs, type MeasuredService, reaches, settleSeconds } from "../goodput.ts";
import type { LoadStream } from "../load/load-plan.ts";
import type { OverloadSite, Row } from "../overload-site.ts";
import { calm, capacityOf, contenderNames, loadStack, startStack } from "../stack.ts";

/** One load all the time. */
interface Steady extends Pick<Row, "name" | "title" | "isOnlyWhenAsked"> {
  readonly wanted: string;
  readonly note: string;
  readonly times: number;
  readonly stream?: Omit<LoadStream, "path" | "perSecond">;
  readonly timeoutMs?: number;
  readonly seconds?: (site: OverloadSite) => number;
}

function steady(
  service: MeasuredService,
  { times, stream, timeoutMs = clientTimeoutMs, seconds, wanted, ...row }: Steady,
): Row {
  return {
    ...row,
    contenders: contenderNames,
    targets: [reaches(90, { of: "tenfold", figure: "goodputPercent", wanted })],
    measure: ({ contenders }, site) =>
      inTurns(contenders, site, {
        start: (contender) => startStack(contender, { ...service.plan, databaseUrl: site.databaseUrl }),
        async measure(stack) {
          const capacity = await capacityOf(stack, service.atOnce);
          const lasting = seconds?.(site) ?? site.seconds;
          const streams = [{ path: "/", perSecond: capacity.perSecond * times, ...stream }];
          const { results, share } = await loadStack(stack, { seconds: lasting, timeoutMs, streams });
          await calm(stack);
          const last = Math.max(settleSeconds, lasting - 60);
          return {
            capacity: capacity.perSecond,
            goodputPercent: (100 * share(settleSeconds, lasting)) / capacity.share,
            goodputPercentAtLast: (100 * share(last, lasting)) / capacity.share,
            p99Ms: results[0]!.answeredMs.p99,
          };
        },
        word: ({ goodputPercent }) => `${goodputPercent!.toFixed(0)} %`,
        summarise: medians,
      }),
  };
}

export const retryStorm = (service: MeasuredService): Row =>
  steady(service, {
    name: `${service.name}-retries`,
    title: `${service.title}, clients that try again three times at once`,
    wanted: "tenfold: goodput ≥ 90 % of capacity in a retry storm",
    note: "At 3 times capacity; what is refused or not answered in time is asked again at once, three times.",
    times: 3,
    stream: { retries: 3 },
  });

const impatientMs = 300;

export const deadlines = (service: MeasuredService): Row =>
  steady(service, {
    name: `${service.name}-deadline`,
    title: `${service.title}, clients that say how long they wait`,
    wanted: `tenfold: goodput ≥ 90 % of capacity for clients that wait ${impatientMs} ms`,
    note: `At 5 times capacity; clients wait ${impatientMs} ms, and say so (\`x-request-timeout\`).`,
    times: 5,
    stream: { fields: `x-request-timeout: ${impatientMs}\r\n` },
    timeoutMs: impatientMs,
  });

export const drift = (service: MeasuredService): Row =>
  steady(service, {
    name: "drift",
    title: `${service.title}, asked for twice what it can do for minutes`,
    wanted: "tenfold: goodput ≥ 90 % of capacity over all the time",
    note: "How long is said by `--minutes`; by default 10. The last minute stands beside the whole.",
    isOnlyWhenAsked: true,
    times: 2,
    seconds: ({ minutes }) => minutes * 60,
  });
