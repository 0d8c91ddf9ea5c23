import type { GatewayFigures, ServiceFigures } from "../gateway/index.ts";
import type { Labels, MetricSet } from "./metric-set.ts";

type Add = MetricSet["add"];

/** What a gateway let through and refused by limits, and how it stands with the store that counts. */
export function addLimits(gateway: string, { limits }: GatewayFigures, add: Add): void {
  if (limits === undefined) return;
  const of = { gateway, store: limits.store };
  add("counter", "tenfold_limit_store_calls_total", "Calls to the store that counts", of, limits.calls);
  add("counter", "tenfold_limit_store_failures_total", "Calls that failed or came too late", of, limits.failures);
  add("gauge", "tenfold_limit_store_away", "The store cannot be reached", of, Number(limits.isAway));
  for (const [limit, { admitted, refused, decidedAway, keys }] of Object.entries(limits.limits)) {
    for (const [outcome, count] of Object.entries({ admitted, refused })) {
      const help = "Requests that a limit concerned, by what it said";
      add("counter", "tenfold_limit_requests_total", help, { gateway, limit, outcome }, count);
    }
    const help = "Requests that were decided without the store";
    add("counter", "tenfold_limit_decided_away_total", help, { gateway, limit }, decidedAway);
    add("gauge", "tenfold_limit_keys", "Callers that are told apart", { gateway, limit }, keys);
  }
}

/** How a gateway keeps a service from more than it can do. */
export function addOverload(labels: Labels, { overload }: ServiceFigures, add: Add): void {
  if (overload === undefined) return;
  const { limit, inFlight, waiting, shed, brownout } = overload;
  if (limit !== undefined) add("gauge", "tenfold_overload_limit", "Requests at once, at most", labels, limit);
  add("gauge", "tenfold_overload_in_flight", "Requests that have a place", labels, inFlight);
  add("gauge", "tenfold_overload_waiting", "Requests that wait for a place", labels, waiting);
  add("gauge", "tenfold_overload_brownout_ratio", "Share of optional work that is spared", labels, brownout);
  for (const [priority, count] of Object.entries(shed)) {
    const help = "Requests turned away for want of room: demand that was not met";
    add("counter", "tenfold_overload_shed_total", help, { ...labels, priority }, count);
  }
}
