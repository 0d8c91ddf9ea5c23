import { join } from "node:path";
import { freePort, type Running } from "../support/servers.ts";
import { loadCore, proxyCore } from "../support/site.ts";
import { type RunningSubject, startSubject } from "../support/subject.ts";
import type { GatewayAnswers, GatewayPlan } from "./gateway/gateway-plan.ts";
import { goodput } from "./goodput.ts";
import type { LoadPlan, StreamResult } from "./load/load-plan.ts";
import { runLoad } from "./load/run-load.ts";
import type { ServiceAnswers, ServicePlan } from "./service/service-plan.ts";
import { WorkLog } from "./work-log.ts";

/** A gateway, and what is behind it. */
export interface StackPlan {
  readonly kind: ServicePlan["kind"];
  readonly instances: number;
  readonly databaseUrl: string;
}

export interface Stack extends Running {
  readonly gateway: RunningSubject<GatewayAnswers>;
  readonly services: readonly RunningSubject<ServiceAnswers>[];
}

const contenderPlans = {
  tenfold: { overload: "adaptive", hasUnderPressure: false },
  "tenfold, overload: false": { overload: false, hasUnderPressure: false },
  "@fastify/under-pressure": { overload: false, hasUnderPressure: true },
} satisfies Readonly<Record<string, Pick<GatewayPlan, "overload"> & Pick<ServicePlan, "hasUnderPressure">>>;

export type ContenderName = keyof typeof contenderPlans;
export const contenderNames = Object.keys(contenderPlans) as readonly ContenderName[];

const program = (name: string): string => join(import.meta.dirname, name, "main.ts");
const nodeOptions = ["--conditions=tenfold-source"];
/** In the load's time: what the JIT compiler has to learn, and the gateway of the service. */
const soonMs = 100;
const warmUp = { seconds: 3, atOnce: 1 };

/** The service has a core for itself; gateway and load share the other: they have little to do. */
export async function startStack(name: ContenderName, { kind, instances, databaseUrl }: StackPlan): Promise<Stack> {
  const { overload, hasUnderPressure } = contenderPlans[name];
  const services: RunningSubject<ServiceAnswers>[] = [];
  const stopAll = async (): Promise<void> => void (await Promise.all(services.map((service) => service.stop())));
  try {
    // One after another: each finds out how fast the machine is.
    for (let i = 0; i < instances; i++) {
      const plan: ServicePlan = { port: await freePort(), kind, databaseUrl, hasUnderPressure };
      services.push(await startSubject<ServiceAnswers>(program("service"), plan, { nodeOptions, core: proxyCore }));
    }
    const gateway = await startGateway({ upstreamPorts: services.map(({ port }) => port), overload });
    const { port } = gateway;
    await runLoad({ port, seconds: warmUp.seconds, timeoutMs: 5_000, streams: [{ path: "/", atOnce: warmUp.atOnce }] });
    const pids = [gateway, ...services].flatMap((each) => each.pids);
    return { pids, port, gateway, services, stop: () => gateway.stop().then(stopAll) };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

export async function startGateway(plan: Omit<GatewayPlan, "port">): Promise<RunningSubject<GatewayAnswers>> {
  return startSubject<GatewayAnswers>(
    program("gateway"),
    { ...plan, port: await freePort() },
    { nodeOptions, core: loadCore },
  );
}

export interface LoadOutcome {
  /** One for each stream. */
  readonly results: readonly StreamResult[];
  /** Of what the services could have done from a second to another, how much was answered in time; 0 to 1. */
  readonly share: (from: number, to: number) => number;
  /** Requests a second that they could have done. */
  readonly couldDo: (from: number, to: number) => number;
}

/** @param during happens beside it */
export async function loadStack(
  { port, services }: Stack,
  load: Omit<LoadPlan, "port" | "seed">,
  during?: () => Promise<void>,
): Promise<LoadOutcome> {
  const log = new WorkLog(services);
  const [results] = await Promise.all([runLoad({ ...load, port }), during?.()]).finally(() => log.stop());
  const couldDo = (from: number, to: number): number => log.couldDo(from, to);
  return { results, couldDo, share: (from, to) => goodput(results, from, to) / couldDo(from, to) };
}

export interface Capacity {
  /** Answers a second, when there is always somebody waiting, and never many. */
  readonly perSecond: number;
  /** What that is of what could be done without anything around the work. */
  readonly share: number;
}

export async function capacityOf(stack: Stack, atOnce: number): Promise<Capacity> {
  const seconds = 4;
  const { results, share } = await loadStack(stack, { seconds, timeoutMs: 10_000, streams: [{ path: "/", atOnce }] });
  return { perSecond: goodput(results, 1, seconds), share: share(1, seconds) };
}

/** Waits until what was too much has been worked off: one request at a time is answered soon. */
export async function calm({ port }: Pick<Running, "port">): Promise<void> {
  const end = performance.now() + 60_000;
  for (;;) {
    const [result] = await runLoad({ port, seconds: 1, timeoutMs: 5_000, streams: [{ path: "/", atOnce: 1 }] });
    const { answered, answeredMs, refused } = result!;
    if (answered[0]! > 0 && refused === 0 && answeredMs.p50 < soonMs) return;
    if (performance.now() > end) throw new Error("The service does not recover");
  }
}
