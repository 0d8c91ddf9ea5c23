/** The gateway as a process of its own: `node main.ts '{"port":8080,…}'`, as `gateway-plan.ts` has it. */
import type { ResolvedOverload } from "../../../src/config/index.ts";
import { Gateway, type Snapshot } from "../../../src/gateway/index.ts";
import { AdaptiveConcurrency } from "../../../src/limits/index.ts";
import { answerAsks } from "../../support/subject-protocol.ts";
import { snapshotOf } from "../../support/tenfold-snapshot.ts";
import { criticalPath, type GatewayAnswers, type GatewayPlan } from "./gateway-plan.ts";

const plan = JSON.parse(process.argv[2]!) as GatewayPlan;
const gateway = new Gateway({ createConcurrencyPolicy: () => new AdaptiveConcurrency() });
await gateway.start(snapshot(plan));
answerAsks<GatewayAnswers>({ figures: () => gateway.figures() });

function snapshot({ port, upstreamPorts, overload }: GatewayPlan): Snapshot {
  const one = snapshotOf({ port, upstreamPort: upstreamPorts[0]! });
  const api = one.services["api"]!;
  const upstreams = upstreamPorts.map((upstreamPort, index) => ({
    ...api.upstreams[0]!,
    id: `api-${index + 1}`,
    origin: `http://127.0.0.1:${upstreamPort}`,
  }));
  const path = { kind: "exact", value: criticalPath } as const;
  const routes = [{ path, priority: "critical" as const }, {}];
  return { ...one, services: { api: { ...api, upstreams, routes, overload: resolved(overload) } } };
}

function resolved(overload: GatewayPlan["overload"]): ResolvedOverload | false {
  if (overload === false) return false;
  const queue = overload === "adaptive" ? 1_000 : 0;
  return { concurrency: overload, queue, queueTimeoutMs: 1_000, deadlineHeader: "x-request-timeout" };
}
