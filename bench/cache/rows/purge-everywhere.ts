import { inTurns } from "../../support/in-turns.ts";
import { median } from "../../support/statistics.ts";
import { significant, within } from "../../support/target.ts";
import { Client } from "../client.ts";
import { startNode } from "../peers/node.ts";
import { versionPath } from "../origin.ts";
import type { Row } from "../row.ts";

const purges = 50;
/** Of them both processes have some. */
const askers = 32;

export const purgeEverywhere: Row = {
  name: "purge-everywhere",
  title: "a purge that two gateway processes confirm",
  contenders: ["tenfold, 2 processes"],
  targets: [
    within(100, {
      of: "tenfold, 2 processes",
      figure: "slowestPurgeMs",
      wanted: "tenfold: ≤ 100 ms until all have confirmed, each time",
    }),
    within(0, {
      of: "tenfold, 2 processes",
      figure: "oldAnswers",
      wanted: "tenfold: no old answer after the confirmation",
    }),
  ],
  note: `${purges} purges in each round; after each, ${askers} clients ask at once.`,
  measure: (row, { origin, ...site }) =>
    inTurns(row.contenders, site, {
      start: () => startNode({ kind: "gateways", tag: "version" }, origin),
      async measure(running) {
        await using client = new Client(running.port, askers);
        const path = versionPath("one");
        const times: number[] = [];
        let oldAnswers = 0;
        for (let i = 0; i < purges; i++) {
          await client.askAtOnce(askers, path);
          origin.publish();
          times.push(await running.ask("purge"));
          const wanted = origin.version();
          const answers = await client.askAtOnce(askers, path);
          oldAnswers += answers.filter(({ body }) => body.toString() !== wanted).length;
        }
        return { purgeMs: median(times), slowestPurgeMs: Math.max(...times), oldAnswers };
      },
      word: ({ purgeMs, slowestPurgeMs }) => `${purgeMs!.toFixed(1)} ms, at most ${slowestPurgeMs!.toFixed(1)} ms`,
      summarise: (rounds) => ({
        purgeMs: significant(median(rounds.map(({ purgeMs }) => purgeMs!))),
        slowestPurgeMs: significant(Math.max(...rounds.map(({ slowestPurgeMs }) => slowestPurgeMs!))),
        oldAnswers: rounds.reduce((sum, figures) => sum + figures["oldAnswers"]!, 0),
      }),
    }),
};
