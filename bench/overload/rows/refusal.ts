import { inTurns, medians } from "../../support/in-turns.ts";
import { within } from "../../support/target.ts";
import { runLoad } from "../load/run-load.ts";
import type { Row } from "../overload-site.ts";
import { startGateway, startStack } from "../stack.ts";

const perSecond = 500;

/** How soon a client knows. */
export const refusal: Row = {
  name: "refusal",
  title: "a 503, when there is no room",
  contenders: ["tenfold"],
  targets: [within(1, { of: "tenfold", figure: "refusedP99Ms", wanted: "tenfold: p99 of a 503 < 1 ms" })],
  note:
    "One place, no queue, and a request that holds the place; others come by chance. From when the client writes until the answer is there: what it takes the client " +
    "itself is part of it.",
  measure: (row, { databaseUrl, seconds, ...site }) =>
    inTurns(row.contenders, site, {
      async start(contender) {
        const stack = await startStack(contender, { kind: "pool", instances: 1, databaseUrl });
        const strict = await startGateway({ upstreamPorts: stack.services.map(({ port }) => port), overload: 1 });
        return {
          pids: [...strict.pids, ...stack.pids],
          port: strict.port,
          stop: () => strict.stop().then(() => stack.stop()),
        };
      },
      async measure({ port }) {
        const streams = [{ path: "/", perSecond }];
        await runLoad({ port, seconds: 2, timeoutMs: 5_000, streams });
        const [result] = await runLoad({ port, seconds, timeoutMs: 5_000, streams });
        return { refusedP50Ms: result!.refusedMs.p50, refusedP99Ms: result!.refusedMs.p99, refused: result!.refused };
      },
      word: ({ refusedP50Ms, refusedP99Ms }) =>
        `p50 ${refusedP50Ms!.toFixed(2)} ms, p99 ${refusedP99Ms!.toFixed(2)} ms`,
      summarise: medians,
    }),
};
