import { join } from "node:path";
import { paths } from "../../gateway/origin.ts";
import { atLeast } from "../../support/target.ts";
import { measureThroughput, type Requests } from "../../support/throughput.ts";
import { type LoadResult, runWrk } from "../../support/wrk.ts";
import { isServer } from "../contenders.ts";
import type { Row } from "../row.ts";
import { keyHeader } from "../servers/protocol.ts";
import { startServer } from "../servers/start.ts";

/** Each round of 64 connections, as many requests as are answered. */
function throughput(requests: Partial<Requests> = {}): Row["measure"] {
  return (row, site) =>
    measureThroughput(row.contenders.filter(isServer), site, {
      start: (name) => startServer(name, site.upstream),
      requests: { path: paths.small, ...requests },
    });
}

const keys = 10_000;

/** Where who is refused is served. */
const runRefused: Requests["run"] = async (load): Promise<LoadResult> => {
  const result = await runWrk(load);
  return { ...result, errors: Math.abs(result.requests - result.errors) };
};

/** What limits cost whoever answers requests. */
export const requests: readonly Row[] = [
  {
    name: "requests-per-ip",
    title: "requests with a limit per address that refuses nobody",
    contenders: ["gateway", "gateway, per ip", "gateway, again", "fastify", "fastify, @fastify/rate-limit"],
    targets: [atLeast(0.9, { of: "gateway, per ip", to: "gateway" })],
    note: "The gateway passes requests on to an origin; the Fastify service answers by itself, behind nothing. Both count in memory.",
    measure: throughput(),
  },
  {
    name: "requests-per-header",
    title: "requests with 10,000 API keys, with a limit per key that refuses nobody",
    contenders: ["gateway", "gateway, per header", "gateway, again"],
    targets: [atLeast(0.9, { of: "gateway, per header", to: "gateway" })],
    note: "Each request has another key than the last one of its connection.",
    measure: throughput({ script: [join(import.meta.dirname, "../wrk/api-keys.lua"), keyHeader, String(keys)] }),
  },
  {
    name: "requests-refused",
    title: "requests that are all refused (429)",
    contenders: ["gateway, all refused", "fastify, all refused"],
    targets: [atLeast(1, { of: "gateway, all refused", to: "fastify, all refused" })],
    note: "Errors are answers that are no refusals; the first request of each round is let through.",
    measure: throughput({ run: runRefused }),
  },
];
