import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PurgeOrder } from "../../../src/gateway/index.ts";
import { Gateways } from "../../../src/platform/gateways.ts";
import { Ledger } from "../../../src/platform/ledger.ts";
import { snapshotOf } from "../../support/tenfold-snapshot.ts";
import { amplyBytes } from "../cache-site.ts";
import type { Knowing } from "./main.ts";
import type { SubjectOptions } from "./protocol.ts";
import { rules } from "./rules.ts";

const count = 2;

/** Two gateway processes, as the platform runs them; this one only holds them. */
export async function startGateways(options: SubjectOptions): Promise<Knowing> {
  const { port, upstreamPort, cacheBytes = amplyBytes, accessLog = false, tag = "" } = options;
  const folder = mkdtempSync(join(tmpdir(), "tenfold-bench-"));
  const directories = { logs: join(folder, "logs"), sockets: folder };
  mkdirSync(directories.logs);
  const gateways = new Gateways(
    { count, directories, orphanGraceMs: 1_000, drainMs: 1_000 },
    { ledger: new Ledger(folder), onEvent: (type, message) => console.error(type, message) },
  );
  process.on("SIGTERM", () => {
    const end = (): void => {
      rmSync(folder, { recursive: true, force: true });
      process.exit();
    };
    void gateways.stop().finally(end);
  });
  const settings = { accessLog, cacheBytes, processes: count };
  await gateways.start(snapshotOf({ port, upstreamPort, settings, cache: rules }));
  return {
    async purge() {
      const order: PurgeOrder = { mode: "hard", by: "tag", tags: [tag] };
      const started = performance.now();
      await gateways.purge([order]);
      return performance.now() - started;
    },
  };
}
