import type { LimitKeySource, ResolvedLimit } from "../../../src/config/index.ts";
import { Gateway, type GatewayFigures, type Snapshot } from "../../../src/gateway/index.ts";
import { RequestLimits } from "../../../src/limits/index.ts";
import { snapshotOf } from "../../support/tenfold-snapshot.ts";
import { ample, keyHeader, refusing, type StartedServer } from "./protocol.ts";

/** The data plane with limits as gateway processes have them, counted in memory, with the defaults of a config that says nothing else. */
export async function startGateway(started: StartedServer): Promise<() => GatewayFigures> {
  const gateway = new Gateway({ limits: new RequestLimits() });
  const limits = limitsOf(started);
  await gateway.start({ ...snapshotOf(started), ...(limits === undefined ? {} : { limits }) });
  return () => gateway.figures();
}

function limitsOf({ limit }: StartedServer): Snapshot["limits"] {
  if (limit === "none") return undefined;
  const source: LimitKeySource = limit === "header" ? { source: "header", name: keyHeader } : { source: "ip" };
  return { limits: [limitBy(source, limit === "refusing")], tiers: [], adjustments: [], store: { kind: "memory" } };
}

function limitBy(source: LimitKeySource, isRefusing: boolean): ResolvedLimit {
  const { count, windowMs } = isRefusing ? refusing : ample;
  return {
    name: "bench",
    quota: { algorithm: "sliding-window", count, windowMs, burst: count },
    per: [source],
    routes: [],
    weights: [],
    weight: 1,
    tiers: {},
    mode: "leased",
    whenAway: "local",
    maxKeys: 100_000,
  };
}
