import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Gateway, type GatewayFigures } from "../../../src/gateway/index.ts";
import { snapshotOf } from "../../support/tenfold-snapshot.ts";
import type { SubjectOptions } from "./protocol.ts";

/** The data plane, with the defaults of a config that says nothing, but for the access log, which has a row of its own. */
export async function startTenfold(options: SubjectOptions): Promise<() => GatewayFigures> {
  const { port, upstreamPort, socketPath, fastPath = true, pipelining = true } = options;
  const { accessLog = false, reusePort = false } = options;
  const gateway = new Gateway({ reusePort, ...(accessLog ? { accessLogPath: temporaryLog() } : {}) });
  const way = socketPath === undefined ? { upstreamPort } : { upstreamPort, socketPath };
  await gateway.start(snapshotOf({ port, ...way, settings: { accessLog, fastPath, pipelining } }));
  return () => gateway.figures();
}

/** Goes with this process. */
function temporaryLog(): string {
  const folder = mkdtempSync(join(tmpdir(), "tenfold-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.on("SIGTERM", () => process.exit());
  return join(folder, "access.log");
}
