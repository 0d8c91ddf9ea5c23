import type { GatewayFigures, ServiceFigures } from "../gateway/index.ts";

/** By service, how all gateway processes together keep it from more than it can do; those that are not kept from it are missing. */
export type OverloadReport = Readonly<Record<string, ServiceOverload>>;

export interface ServiceOverload {
  /** Requests at once, at most; not there: no bound is known yet. */
  readonly limit?: number;
  /** Requests that have a place now. */
  readonly inFlight: number;
  /** Requests that wait for one. */
  readonly waiting: number;
  /** Requests turned away since the gateways started, by priority: demand that was not met. */
  readonly shed: Readonly<Record<string, number>>;
  /** The largest share of optional work that a gateway has the service spare, 0 to 1. */
  readonly brownout: number;
}

export function overloadReport(gateways: Iterable<GatewayFigures>): OverloadReport {
  const report: Record<string, ServiceOverload> = {};
  for (const { services } of gateways) {
    for (const [name, { overload }] of Object.entries(services)) {
      if (overload !== undefined) report[name] = add(report[name], overload);
    }
  }
  return report;
}

function add(sum: ServiceOverload | undefined, more: NonNullable<ServiceFigures["overload"]>): ServiceOverload {
  if (sum === undefined) {
    const { limit, ...rest } = more;
    return limit === undefined ? rest : { limit, ...rest };
  }
  const priorities = new Set([...Object.keys(sum.shed), ...Object.keys(more.shed)]);
  const shedOf = (priority: string): number => {
    return (sum.shed[priority] ?? 0) + ((more.shed as Readonly<Record<string, number>>)[priority] ?? 0);
  };
  return {
    // One process without a bound is none for all.
    ...(sum.limit === undefined || more.limit === undefined ? {} : { limit: sum.limit + more.limit }),
    inFlight: sum.inFlight + more.inFlight,
    waiting: sum.waiting + more.waiting,
    shed: Object.fromEntries([...priorities].map((priority) => [priority, shedOf(priority)])),
    brownout: Math.max(sum.brownout, more.brownout),
  };
}
