import { join } from "node:path";
import { Gateway, type GatewayFigures } from "../../../src/gateway/index.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { snapshotOf } from "../../support/tenfold-snapshot.ts";
import type { SubjectOptions } from "./protocol.ts";

/** The data plane, with the defaults of a config that says nothing, but for the access log, which has a row of its own. */
export async function startTenfold(options: SubjectOptions): Promise<() => GatewayFigures> {
  const { port, upstreamPort, socketPath, fastPath = true, pipelining = true } = options;
  const { accessLog = false, reusePort = false } = options;
  const log = accessLog ? { accessLogPath: join(temporaryFolder(), "access.log") } : {};
  const gateway = new Gateway({ reusePort, ...log });
  const way = socketPath === undefined ? { upstreamPort } : { upstreamPort, socketPath };
  await gateway.start(snapshotOf({ port, ...way, settings: { accessLog, fastPath, pipelining } }));
  return () => gateway.figures();
}
