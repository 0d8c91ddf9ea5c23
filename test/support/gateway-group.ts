import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Snapshot } from "../../src/gateway/index.ts";
import { findFreePorts } from "../../src/platform/free-ports.ts";
import { Gateways } from "../../src/platform/gateways.ts";
import { Ledger } from "../../src/platform/ledger.ts";
import { cleanUp } from "./cleanup.ts";
import { type Origin, snapshotOf, startOrigin, upstream } from "./gateway-fixtures.ts";
import { temporaryDirectory } from "./temporary.ts";

/** The gateway processes of a platform, as a group: with the ledger that outlives it. */
export interface Group {
  readonly gateways: Gateways;
  readonly ledger: Ledger;
  readonly events: string[];
  readonly port: number;
  /** What the processes print. */
  readonly logFile: string;
  readonly snapshot: () => Snapshot;
  readonly pids: () => readonly (number | undefined)[];
}

export interface GroupOptions {
  readonly count: number;
  readonly canSharePorts?: () => Promise<boolean>;
  readonly program?: string;
  readonly drainMs?: number;
  /** Default: one that answers `"ok"`. */
  readonly origin?: Origin;
}

export async function createGroup(
  t: TestContext,
  { count, canSharePorts, program, drainMs = 1_000, origin: given }: GroupOptions,
): Promise<Group> {
  const origin = given ?? (await startOrigin((_, res) => res.end("ok")));
  cleanUp(t, () => origin[Symbol.asyncDispose]());
  const folder = temporaryDirectory(t);
  const ledger = new Ledger(folder);
  const events: string[] = [];
  const directories = { logs: join(folder, "logs"), sockets: folder };
  const options = { count, directories, orphanGraceMs: 10_000, drainMs, replyMs: 3_000 };
  const gateways = new Gateways(
    { ...options, ...(program === undefined ? {} : { program }) },
    { ledger, onEvent: (type) => events.push(type) },
    canSharePorts,
  );
  cleanUp(t, () => gateways.stop());
  const [port] = (await findFreePorts(1)) as [number];
  const listeners = [{ host: "127.0.0.1", port }];
  return {
    gateways,
    ledger,
    events,
    port,
    logFile: join(directories.logs, "gateway.log"),
    snapshot: () => snapshotOf({ upstreams: [upstream("api-1", origin.port)], listeners }),
    pids: () => gateways.status().map(({ pid }) => pid),
  };
}
