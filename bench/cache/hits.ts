import { measureThroughput, type Requests } from "../support/throughput.ts";
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
      prepare: async ({ port }) => {
        await fill(port, requests, origin);
        before.asked = origin.asked();
      },
      more: async () => ({ originRequests: origin.asked() - before.asked }),
    });
  };
}

/** @throws when what was asked for before is asked of the origin again */
async function fill(
  port: number,
  { method = "GET", path, headers, stored = [path] }: Hits,
  origin: Origin,
): Promise<void> {
  await using client = new Client(port, askers);
  const asked = { method, ...(headers === undefined ? {} : { headers }) };
  // Who has but one answer learns it from the first request.
  await client.ask(path, asked);
  const encoding = headers?.["Accept-Encoding"];
  const plain = encoding === undefined ? {} : { headers: { "Accept-Encoding": encoding } };
  if (stored.length === 1) await client.askAtOnce(askers, path, plain);
  else await Promise.all(stored.map((each) => client.ask(each, plain)));
  const before = origin.asked();
  const { status } = await client.ask(path, asked);
  if (status >= 400 || origin.asked() > before)
    throw new Error(`${method} ${path} is not answered from what is stored`);
}
