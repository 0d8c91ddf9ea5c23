import { join } from "node:path";
import { startNginx } from "../../support/nginx.ts";
import { endChild, freePort, type Running, spawnPinned } from "../../support/servers.ts";
import { host, loadCore } from "../../support/site.ts";
import { significant, within } from "../../support/target.ts";
import { Client } from "../client.ts";
import { type RunningNodeCache, startNode } from "../peers/node.ts";
import type { Row } from "../row.ts";

/** More than a million small answers are. */
const cacheBytes = 8 * 2 ** 30;
/** Of ten objects one has it. */
const tag = "group-0";
const warmUpObjects = 20_000;
const megabytesOfHeap = 8_192;

export const memory: Row = {
  name: "memory",
  title: "1,000,000 small objects, and a purge by tag of 100,000 of them",
  contenders: ["tenfold"],
  targets: [
    within(300, { of: "tenfold", figure: "overheadBytes", wanted: "tenfold: ≤ 300 bytes of overhead per object" }),
    within(100, { of: "tenfold", figure: "purgeMs", wanted: "tenfold, purge by tag of 100,000: ≤ 100 ms" }),
    within(20, {
      of: "tenfold",
      figure: "longestStallMs",
      wanted: "tenfold, event loop: no stall > 20 ms from the purge on until all is swept away",
    }),
  ],
  note:
    "Overhead is what the heap and what belongs to it has grown by, less the bytes of URLs, of the origin's fields and of bodies. All objects came through " +
    "the gateway. A request has its answer within 1 ms of the purge's end, and finds nothing of what was purged.",
  measure: async (row, { objects, log }) => {
    const origin = await startObjects();
    const options = { kind: "tenfold", cacheBytes, tag } as const;
    const heap = ["--expose-gc", `--max-old-space-size=${megabytesOfHeap}`];
    const running = await startNode(options, origin, heap);
    try {
      // What a process keeps for itself when it has begun to work is not what objects cost.
      await fetchAll(running, "/warm", warmUpObjects);
      const before = { ...(await running.ask("memory")), ...(await running.ask("held")) };
      log(`${before.answers} stored to begin with; now ${objects}`);
      await fetchAll(running, "/objects", objects);
      const after = { ...(await running.ask("memory")), ...(await running.ask("held")) };
      const stored = after.answers - before.answers;
      const grown = after.heapUsed + after.external - before.heapUsed - before.external;
      const overheadBytes = (grown - (await payloadBytes(origin.port, objects))) / stored;
      log(`${stored} stored, ${overheadBytes.toFixed(0)} bytes of overhead each`);
      await running.ask("watch");
      const purgeMs = await running.ask("purge");
      const swept = await whenSwept(async () => (await running.ask("held")).answers, after.answers - objects / 10);
      const longestStallMs = await running.ask("stall");
      const figures = {
        objects: stored,
        overheadBytes,
        residentBytes: (after.resident - before.resident) / stored,
        purgeMs,
        sweptMs: swept,
        longestStallMs,
      };
      const rounded = Object.entries(figures).map(([name, value]) => [name, significant(value)] as const);
      return { results: { [row.contenders[0] ?? "tenfold"]: Object.fromEntries(rounded) }, setting: { objects } };
    } finally {
      await running.stop();
      await origin.stop();
    }
  },
};

/** nginx, which makes an object of any number. */
async function startObjects(): Promise<Running> {
  const port = await freePort();
  return startNginx(loadCore, port, () => [
    "access_log off; default_type application/json; keepalive_timeout 600s;",
    "map $uri $group { default 0; ~(?<digit>[0-9])$ $digit; }",
    `server { listen 127.0.0.1:${port} backlog=4096;
       location ~ /(?<id>[0-9]+)$ {
         add_header Cache-Control "public, max-age=86400"; add_header Cache-Tag "group-$group";
         return 200 '{"id":$id,"name":"a product with a name","price":42,"stock":7}'; } }`,
  ]);
}

/** Until there are so many more. */
async function fetchAll(running: RunningNodeCache, path: string, count: number): Promise<void> {
  const held = async (): Promise<number> => (await running.ask("held")).answers;
  const wanted = (await held()) + count;
  const script = join(import.meta.dirname, "../wrk/objects.lua");
  const words = ["-t1", "-c64", "-d1h", "-H", `Host: ${host}`, "-s", script, `http://127.0.0.1:${running.port}${path}`];
  const load = spawnPinned(loadCore, ["wrk", ...words, "--", String(count)]);
  try {
    let [before, at] = [-1, await held()];
    for (; at < wanted; [before, at] = [at, await held()]) {
      if (at === before) throw new Error(`No more than ${at} of ${wanted} objects are stored`);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  } finally {
    await endChild(load);
  }
}

/** Of a few objects, for all: they differ by the digits of their number, which stands in the URL and in the body. */
async function payloadBytes(port: number, objects: number): Promise<number> {
  await using client = new Client(port);
  let bytes = 0;
  for (let digits = 1; digits <= String(objects).length; digits++) {
    const from = 10 ** (digits - 1);
    const count = Math.min(objects, 10 * from - 1) - from + 1;
    const path = `/objects/${from}`;
    const { fields, body } = await client.ask(path);
    bytes += count * (`http://${host}${path}`.length + fieldBytes(fields) + body.length);
  }
  return bytes;
}

/** Of the lines that are not of one hop. */
function fieldBytes({
  connection: _,
  "keep-alive": __,
  ...fields
}: Awaited<ReturnType<Client["ask"]>>["fields"]): number {
  return Object.entries(fields).reduce((sum, [name, value]) => sum + `${name}: ${String(value)}\r\n`.length, 0);
}

/** @returns milliseconds until no more than `wanted` are held */
async function whenSwept(count: () => Promise<number>, wanted: number): Promise<number> {
  const started = performance.now();
  while ((await count()) > wanted) {
    if (performance.now() - started > 60_000) return Infinity;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return performance.now() - started;
}
