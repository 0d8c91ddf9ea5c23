import { measureThroughput, type Requests } from "../support/throughput.ts";
import type { RunningCache } from "./cache-site.ts";
import { Client } from "./client.ts";
import { startContender } from "./contenders.ts";
import type { Origin } from "./origin.ts";
import type { Row } from "./row.ts";

export interface Hits extends Requests {
  readonly method?: "GET" | "HEAD";
  /** What is stored beforehand. Default: what is asked for. */
  readonly stored?: readonly string[];
}

/** More than enough for each of several processes that share a port to be asked. */
const askers = 64;

/** Everything that is asked for is stored. */
export function hits(requests: Hits): Row["measure"] {
  return (row, { origin, ...site }) => {
    const before = { asked: 0 };
    return measureThroughput(row.contenders, site, {
      start: (name) => startContender(name, origin),
      requests,
      prepare: async (running) => {
        await fill(running, requests, origin);
        before.asked = origin.asked();
      },
      more: async () => ({ originRequests: origin.asked() - before.asked }),
    });
  };
}

/** @throws when what was asked for before is asked of the origin again */
async function fill({ port, hasOneAnswer }: RunningCache, requests: Hits, origin: Origin): Promise<void> {
  const { method = "GET", path, headers, stored = [path] } = requests;
  await using client = new Client(port, askers);
  const asked = { method, ...(headers === undefined ? {} : { headers }) };
  if (hasOneAnswer === true) return void (await client.ask(path, asked));
  const encoding = headers?.["Accept-Encoding"];
  const plain = encoding === undefined ? {} : { headers: { "Accept-Encoding": encoding } };
  if (stored.length === 1) await client.askAtOnce(askers, path, plain);
  else await Promise.all(stored.map((each) => client.ask(each, plain)));
  const before = origin.asked();
  const { status } = await client.ask(path, asked);
  if (status >= 400 || origin.asked() > before)
    throw new Error(`${method} ${path} is not answered from what is stored`);
}
