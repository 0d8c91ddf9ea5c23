import { once } from "node:events";
import { join } from "node:path";
import { openFiles, residentBytes } from "../../support/machine.ts";
import { endChild, type Running, spawnPinned } from "../../support/servers.ts";
import { median } from "../../support/statistics.ts";
import { type BenchSite, host, loadCore } from "../bench-site.ts";
import type { ContenderName } from "../contenders.ts";
import { paths } from "../origin.ts";
import type { Measured, Row } from "../row.ts";
import { type Figures, significant, under } from "../target.ts";
import { load, withContender } from "../throughput.ts";

const program = join(import.meta.dirname, "../idle-clients.ts");
/** For the proxy's connections to the upstream, the active clients, and what a process has open anyway. */
const otherFiles = 1_000;
/** Of the medians; what a difference of this size is, is the machine's. */
const noise = 1.1;

export const idleConnections: Row = {
  name: "idle",
  title: "10,000 idle keep-alive connections beside the active ones",
  contenders: ["nginx", "tenfold", "tenfold, full path"],
  targets: [
    under(20_000, {
      of: "tenfold",
      figure: "bytesPerConnection",
      wanted: "tenfold: ≤ 20 KB per idle connection when they have been opened",
    }),
    under(20_000, {
      of: "tenfold",
      figure: "bytesPerConnectionLater",
      wanted: "tenfold: ≤ 20 KB per idle connection after more load",
    }),
    under(noise, {
      of: "tenfold",
      figure: "p50WithIdleMs",
      per: "p50Ms",
      wanted: `tenfold, p50 of the active: ≤ ${noise} × without the idle`,
    }),
    under(noise, {
      of: "tenfold",
      figure: "p99WithIdleMs",
      per: "p99Ms",
      wanted: `tenfold, p99 of the active: ≤ ${noise} × without the idle`,
    }),
  ],
  note: "Memory is what the process holds in RAM more than before, after a load has filled what it keeps for itself; the kernel's part is not in it.",
  measure: async ({ contenders: names }, site): Promise<Measured> => {
    if (openFiles() < site.idleConnections + otherFiles) {
      throw new Error(`${site.idleConnections} connections need more open files than the ${openFiles()} allowed here`);
    }
    const rounds = new Map<ContenderName, Figures[]>(names.map((name) => [name, []]));
    for (let round = 1; round <= site.rounds; round++) {
      for (const name of names) {
        const figures = await withContender(name, site, (running) => besideIdle(running, site));
        rounds.get(name)!.push(figures);
        site.log(`round ${round}  ${name.padEnd(34)} ${Math.round(figures["bytesPerConnection"]!)} bytes each`);
      }
    }
    const results = [...rounds].map(([name, all]) => [name, medians(all)] as const);
    return { results: Object.fromEntries(results) };
  },
};

async function besideIdle(running: Running, site: BenchSite): Promise<Figures> {
  await load(running, {}, site, Math.min(2, site.seconds));
  const alone = await load(running, {}, site, site.seconds);
  const before = residentBytes(running.pids);
  const words = [String(running.port), paths.small, host, String(site.idleConnections)];
  const clients = spawnPinned(loadCore, [process.execPath, program, ...words], { ipc: true });
  try {
    const [opened] = (await once(clients, "message")) as [number];
    const bytesPerConnection = (residentBytes(running.pids) - before) / opened;
    const beside = await load(running, {}, site, site.seconds);
    const bytesPerConnectionLater = (residentBytes(running.pids) - before) / opened;
    clients.send("how many?");
    const [stillOpen] = (await once(clients, "message")) as [number];
    return {
      idleConnections: stillOpen,
      bytesPerConnection,
      bytesPerConnectionLater,
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

function medians(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0]!);
  return Object.fromEntries(
    names.map((name) => {
      const values = rounds.map((figures) => figures[name]!);
      return [name, name === "errors" ? values.reduce((sum, each) => sum + each, 0) : significant(median(values))];
    }),
  );
}
