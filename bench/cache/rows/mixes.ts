import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inTurns } from "../../support/in-turns.ts";
import { atLeast, type Figures, pointsAbove, significant, type Target } from "../../support/target.ts";
import type { CacheSite, RunningCache } from "../cache-site.ts";
import { Client } from "../client.ts";
import { type ContenderName, startContender } from "../contenders.ts";
import type { Row } from "../row.ts";
import { HitCounts, lruHits } from "../traces/hit-counts.ts";
import type { Trace } from "../traces/trace.ts";
import { webTrace } from "../traces/web-trace.ts";
import { zipfTrace } from "../traces/zipf-trace.ts";

/** How many of the objects' bytes a cache may hold. */
const share = 1 / 10;
const objects = 20_000;
const exponent = 0.9;
/** A cache that keeps its limit by and by is made to each time so much of it has come in. */
const tidyShare = 1 / 100;
const looks = 100;

const contenders: readonly ContenderName[] = ["nginx", "tenfold", "varnish"];
const lru = "exact LRU, simulated";
const figure = "hitPercent";
const note =
  "Real requests, one after the other, the same for all; a request hits when the origin is not asked. The simulated LRU counts bodies alone against the limit, " +
  "caches also what else they keep. nginx would look at its limit only every 10 s, and is made to look each time 1 % of it has come in; it counts " +
  "its files in blocks of 4 KiB.";

export const zipfMix: Row = {
  name: "zipf-mix",
  title: "a Zipf mix over 10 times what the cache may hold",
  contenders,
  targets: [atLeast(1, { of: "tenfold", to: "nginx", figure })],
  note,
  measure: (row, site) =>
    measure(row, site, zipfTrace({ requests: site.traceRequests, objects, exponent, hasScan: false })),
};

export const zipfMixWithScan: Row = {
  name: "zipf-mix-scan",
  title: "the same, while a scan runs through it",
  contenders,
  targets: [
    atLeast(1, { of: "tenfold", to: "nginx", figure }),
    pointsAbove(10, { of: "tenfold", to: lru, figure, wanted: "tenfold, hit ratio: ≥ 10 points above an exact LRU" }),
  ],
  note: "After each request of the mix, one for something that nobody asks for again; these are not counted.",
  measure: (row, site) =>
    measure(row, site, zipfTrace({ requests: site.traceRequests, objects, exponent, hasScan: true })),
};

const noTarget: readonly Target[] = [];

/** Of a real site, for who has its log there: `../shared/traces/README.md` beside the project says where it is from. */
export function webSite(root: string): readonly Row[] {
  const log = join(root, "../shared/traces/access.log");
  if (!existsSync(log)) return [];
  return [
    {
      name: "web-site",
      title: "what was asked of a real web site",
      contenders,
      targets: noTarget,
      note: "Answers up to 1 MiB; the cache may hold a tenth of the bytes of them all.",
      measure: (row, site) => measure(row, site, webTrace(readFileSync(log, "utf8"))),
    },
  ];
}

async function measure(row: Row, { origin, log }: CacheSite, trace: Trace): ReturnType<Row["measure"]> {
  const cacheBytes = Math.round(trace.bytes * share);
  // Every run gives the same: one is enough.
  const measured = await inTurns(
    row.contenders,
    { rounds: 1, log },
    {
      start: (name) => startContender(name, { port: origin.port, cacheBytes }),
      measure: (running) => replay(trace, running, cacheBytes, origin),
      word: ({ hitPercent }) => `${hitPercent!.toFixed(1)} % hits`,
      summarise: ([figures]) => rounded(figures!),
    },
  );
  const simulated = lruHits(trace, cacheBytes);
  return {
    results: { ...measured.results, [lru]: rounded(simulated) },
    rounds: { ...measured.rounds, [lru]: [simulated] },
    setting: { requests: trace.requests.length, cacheBytes },
  };
}

async function replay(
  { requests, countedFrom }: Trace,
  running: RunningCache,
  cacheBytes: number,
  origin: CacheSite["origin"],
): Promise<Figures> {
  await using client = new Client(running.port);
  const counts = new HitCounts();
  const held: number[] = [];
  let [errors, cameIn] = [0, 0];
  for (const [at, request] of requests.entries()) {
    const before = origin.asked();
    const { status, body } = await client.ask(request.path);
    if (status !== 200 || body.length !== request.bytes) errors++;
    const isHit = origin.asked() === before;
    if (at >= countedFrom) counts.count(request, isHit);
    if (!isHit) cameIn += request.bytes;
    if (cameIn > cacheBytes * tidyShare) {
      cameIn = 0;
      await running.keepLimit?.();
    }
    if (at >= countedFrom && at % Math.ceil(requests.length / looks) === 0)
      held.push((await running.heldBytes?.()) ?? NaN);
  }
  const heldPercent = (held.reduce((sum, each) => sum + each, 0) / held.length / cacheBytes) * 100;
  return { ...counts.figures(), ...(Number.isNaN(heldPercent) ? {} : { heldPercent }), errors };
}

function rounded(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, significant(value)]));
}
