import { highest, inTurns } from "../../support/in-turns.ts";
import { within } from "../../support/target.ts";
import type { CacheSite } from "../cache-site.ts";
import { Client } from "../client.ts";
import { type ContenderName, startContender } from "../contenders.ts";
import { slowPath } from "../origin.ts";
import type { Row } from "../row.ts";

/** So many clients, each with an open connection, ask for the same at the same moment. */
const clients = 1_000;
/** How long the origin takes: long enough for all to have asked. */
const originMs = 500;
/** Half a second more than the answer is fresh for, since caches count whole seconds. */
const staleAfterMs = 2_500;
const freshSeconds = 1;

const oneRequest = (of: ContenderName) =>
  within(1, { of, figure: "originRequests", wanted: `${of}: 1 request to the origin for 1,000 clients` });
const targets = [oneRequest("tenfold"), oneRequest("tenfold, 2 processes")];

export const concurrentMisses: Row = {
  name: "concurrent-misses",
  title: "1,000 clients ask at once for what is not stored",
  contenders: ["nginx", "tenfold", "tenfold, 2 processes", "varnish"],
  targets,
  note: `The origin takes ${originMs} ms. nginx has proxy_cache_lock.`,
  measure: (row, site) => measure(row, site, 60, async () => undefined),
};

export const concurrentRevalidations: Row = {
  name: "concurrent-revalidations",
  title: "1,000 clients ask at once for what is stored and stale",
  contenders: ["nginx", "nginx, stale while updating", "tenfold", "tenfold, 2 processes", "varnish"],
  targets,
  note:
    `The origin takes ${originMs} ms to say that nothing has changed. Who is answered before that is given what is stale, which the origin has not ` +
    "allowed: Varnish does so for 10 s by default, nginx when it is told to, and else it does not lock.",
  measure: (row, site) =>
    measure(row, site, freshSeconds, async (client, path) => {
      await client.ask(path);
      await new Promise((resolve) => setTimeout(resolve, staleAfterMs));
    }),
};

function measure(
  row: Row,
  { origin, ...site }: CacheSite,
  seconds: number,
  before: (client: Client, path: string) => Promise<unknown>,
): ReturnType<Row["measure"]> {
  let round = 0;
  return inTurns(row.contenders, site, {
    start: (name) => startContender(name, origin),
    async measure({ port }) {
      const path = slowPath(originMs, seconds, `${row.name}-${round++}`);
      await using client = new Client(port, clients);
      await before(client, path);
      // Nobody keeps an answer to this: it is to open the connections.
      await client.askAtOnce(clients, slowPath(originMs, 0, "open"), { method: "POST" });
      const asked = origin.asked(path);
      const started = performance.now();
      const answers = await client.askAtOnce(clients, path);
      const answeredAt = origin.answeredAt(path) ?? Infinity;
      return {
        originRequests: origin.asked(path) - asked,
        answeredEarly: answers.filter(({ at }) => at < answeredAt).length,
        lastAnswerMs: Math.round(Math.max(...answers.map(({ at }) => at)) - started),
        errors: answers.filter(({ status }) => status !== 200).length,
      };
    },
    word: ({ originRequests, lastAnswerMs }) =>
      `${originRequests} to the origin, the last answer after ${lastAnswerMs} ms`,
    // One round in which the origin was asked more often is one too many.
    summarise: highest,
  });
}
