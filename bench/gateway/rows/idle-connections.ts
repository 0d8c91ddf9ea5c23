import { once } from "node:events";
import { join } from "node:path";
import { inTurns, medians } from "../../support/in-turns.ts";
import { openFiles, residentBytes } from "../../support/machine.ts";
import { endChild, type Running, spawnPinned } from "../../support/servers.ts";
import { host, loadCore } from "../../support/site.ts";
import { type Figures, type Measured, within } from "../../support/target.ts";
import type { BenchSite } from "../bench-site.ts";
import { contenders } from "../contenders.ts";
import { paths } from "../origin.ts";
import type { Start } from "../peers/peer.ts";
import type { Row } from "../row.ts";
import { load, warmUp } from "../throughput.ts";

const program = join(import.meta.dirname, "../idle-clients.ts");
/** For the proxy's connections to the upstream, the active clients, and what a process has open anyway. */
const otherFiles = 1_000;
/** A difference of this size is the machine's. */
const noise = 1.1;

export const idleConnections: Row = {
  name: "idle",
  title: "10,000 idle keep-alive connections beside the active ones",
  contenders: ["nginx", "tenfold", "tenfold, full path"],
  targets: [
    within(20, {
      of: "tenfold",
      figure: "kilobytesPerIdle",
      wanted: "tenfold: ≤ 20 KB per idle connection when they have been opened",
    }),
    within(20, {
      of: "tenfold",
      figure: "kilobytesPerIdleLater",
      wanted: "tenfold: ≤ 20 KB per idle connection after more load",
    }),
    within(noise, {
      of: "tenfold",
      figure: "p50WithIdleMs",
      per: "p50Ms",
      wanted: `tenfold, p50 of the active: ≤ ${noise} × without the idle`,
    }),
    within(noise, {
      of: "tenfold",
      figure: "p99WithIdleMs",
      per: "p99Ms",
      wanted: `tenfold, p99 of the active: ≤ ${noise} × without the idle`,
    }),
  ],
  note: "Memory is what the process holds in RAM more than before, after a load has filled what it keeps for itself; the kernel's part is not in it.",
  measure: async (row, site): Promise<Measured> => {
    if (openFiles() < site.idleConnections + otherFiles) {
      throw new Error(`${site.idleConnections} connections need more open files than the ${openFiles()} allowed here`);
    }
    const measure = (running: Running): Promise<Figures> => besideIdle(running, site);
    const word = (figures: Figures): string => `${figures["kilobytesPerIdle"]!.toFixed(1)} KB each`;
    const start = (name: keyof typeof contenders) => (contenders[name] as Start)(site.upstream);
    return inTurns(row.contenders, site, { start, measure, word, summarise: medians });
  },
};

async function besideIdle(running: Running, site: BenchSite): Promise<Figures> {
  await warmUp(running, {}, site);
  const alone = await load(running, {}, site, site.seconds);
  const before = residentBytes(running.pids);
  const growth = (): number => (residentBytes(running.pids) - before) / 1_000;
  const words = [String(running.port), paths.small, host, String(site.idleConnections)];
  const clients = spawnPinned(loadCore, [process.execPath, program, ...words], { ipc: true });
  try {
    const [opened] = (await once(clients, "message")) as [number];
    const kilobytesPerIdle = growth() / opened;
    // What opening them has left to be collected is not what they cost once they are there.
    await warmUp(running, {}, site);
    const beside = await load(running, {}, site, site.seconds);
    const kilobytesPerIdleLater = growth() / opened;
    clients.send("how many?");
    const [stillOpen] = (await once(clients, "message")) as [number];
    return {
      idleConnections: stillOpen,
      kilobytesPerIdle,
      kilobytesPerIdleLater,
      requestsPerSecond: alone["requestsPerSecond"]!,
      requestsPerSecondWithIdle: beside["requestsPerSecond"]!,
      p50Ms: alone["p50Ms"]!,
      p50WithIdleMs: beside["p50Ms"]!,
      p99Ms: alone["p99Ms"]!,
      p99WithIdleMs: beside["p99Ms"]!,
      // An idle connection that the proxy ended is one.
      errors: alone["errors"]! + beside["errors"]! + site.idleConnections - stillOpen,
    };
  } finally {
    await endChild(clients);
  }
}
