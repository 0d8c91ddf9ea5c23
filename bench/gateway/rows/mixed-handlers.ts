import { join } from "node:path";
import { inTurns, medians } from "../../support/in-turns.ts";
import { freePort, startPinned } from "../../support/servers.ts";
import { loadCore } from "../../support/site.ts";
import { atMost } from "../../support/target.ts";
import { contenders } from "../contenders.ts";
import { slowConnections } from "../mixed-handlers.ts";
import type { Start } from "../peers/peer.ts";
import type { Row } from "../row.ts";
import { load, warmUp } from "../throughput.ts";

const program = join(import.meta.dirname, "../mixed-origin.ts");

/** Sharing connections must not make those who ask for what is fast wait for what is slow. */
export const mixedHandlers: Row = {
  name: "mixed-handlers",
  title: "an own instance with fast and slow handlers: those who ask for what is fast",
  contenders: ["tenfold, unix sockets", "tenfold, unix sockets, unshared"],
  targets: [atMost(1.2, { of: "tenfold, unix sockets", to: "tenfold, unix sockets, unshared", figure: "p99Ms" })],
  note: "A Node origin; 56 connections ask for what is answered at once, 8 for what takes 20 ms.",
  measure: async (row, site) => {
    const upstream = { port: await freePort(), socketPath: join(process.env["TMPDIR"]!, "mixed.sock") };
    const command = [process.execPath, program, String(upstream.port), upstream.socketPath];
    const origin = await startPinned(loadCore, upstream.port, command);
    const fast = { ...site, connections: site.connections - slowConnections };
    const slow = { ...site, connections: slowConnections };
    try {
      return await inTurns(row.contenders, site, {
        start: (name) => (contenders[name] as Start)(upstream),
        measure: async (running) => {
          await warmUp(running, {}, fast);
          const [figures] = await Promise.all([
            load(running, {}, fast, site.seconds),
            load(running, { path: "/slow" }, slow, site.seconds),
          ]);
          return figures;
        },
        word: ({ p50Ms, p99Ms }) => `p50 ${p50Ms} ms, p99 ${p99Ms} ms`,
        summarise: medians,
      });
    } finally {
      await origin.stop();
    }
  },
};
