import type { Registry } from "prom-client";
import { durationBoundsMs, type GatewayFigures, type ServiceFigures } from "../gateway/index.ts";
import { addCache } from "./cache-metrics.ts";
import { addLimits, addOverload } from "./limit-metrics.ts";
import { type Labels, MetricSet } from "./metric-set.ts";
import type { PlatformStatus } from "./status.ts";

/**
 * The fleet's metrics in the Prometheus text format. Gateways count, in plain arrays, and are asked when somebody scrapes; a gateway's
 * series carry its id, so that a restarted one looks like what it is: a counter reset.
 */
export interface MetricsInput {
  readonly status: PlatformStatus;
  /** Gateway id → what it counted; gateways that do not answer are missing. */
  readonly gateways: ReadonlyMap<string, GatewayFigures>;
}

export async function metricsText({ status, gateways }: MetricsInput, processRegistry: Registry): Promise<string> {
  const metrics = new MetricSet();
  const add: Add = (...sample) => metrics.add(...sample);
  for (const [gateway, figures] of gateways) addGateway(gateway, figures, add);
  addFleet(status, add);
  return `${await processRegistry.metrics()}${await metrics.text()}`;
}

type Add = MetricSet["add"];

function addGateway(gateway: string, figures: GatewayFigures, add: Add): void {
  add("gauge", "tenfold_gateway_connections", "Open client connections", { gateway }, figures.connections);
  add("gauge", "tenfold_gateway_requests_active", "Requests in progress", { gateway }, figures.active);
  add(
    "gauge",
    "tenfold_gateway_snapshot_version",
    "Version of the snapshot that is served",
    { gateway },
    figures.snapshotVersion,
  );
  add(
    "counter",
    "tenfold_gateway_access_log_dropped_total",
    "Access log lines lost",
    { gateway },
    figures.accessLogDropped,
  );
  for (const [code, count] of Object.entries(figures.unrouted)) {
    add(
      "counter",
      "tenfold_gateway_unrouted_requests_total",
      "Requests answered without a service",
      { gateway, code },
      count,
    );
  }
  addPaths(gateway, figures.paths, add);
  addCache(gateway, figures, add);
  addLimits(gateway, figures, add);
  for (const [service, counted] of Object.entries(figures.services)) addService({ gateway, service }, counted, add);
}

function addPaths(gateway: string, { fast, full, handedOver }: GatewayFigures["paths"], add: Add): void {
  const name = "tenfold_gateway_path_requests_total";
  for (const [path, count] of Object.entries({ fast, full })) {
    add("counter", name, "Requests served, by the path they took", { gateway, path }, count);
  }
  for (const [reason, count] of Object.entries(handedOver)) {
    add(
      "counter",
      "tenfold_gateway_handed_over_total",
      "Connections given from the fast path to the full one",
      { gateway, reason },
      count,
    );
  }
}

function addService(labels: Labels, figures: ServiceFigures, add: Add): void {
  for (const [code, count] of Object.entries(figures.requests)) {
    add("counter", "tenfold_gateway_requests_total", "Requests answered, by status", { ...labels, code }, count);
  }
  addHistogram(labels, figures.durations, add);
  add("counter", "tenfold_gateway_retries_total", "Attempts beyond the first", labels, figures.retries);
  add(
    "counter",
    "tenfold_gateway_moved_total",
    "Requests moved off an upstream that hung or left",
    labels,
    figures.moved,
  );
  add("counter", "tenfold_gateway_shed_total", "Requests refused at the circuit limits", labels, figures.shed);
  add("counter", "tenfold_gateway_received_bytes_total", "Body bytes from clients", labels, figures.bytesIn);
  add("counter", "tenfold_gateway_sent_bytes_total", "Body bytes to clients", labels, figures.bytesOut);
  add(
    "gauge",
    "tenfold_gateway_panicking",
    "Too few upstreams are healthy, so all are used",
    labels,
    Number(figures.isPanicking),
  );
  addOverload(labels, figures, add);
  for (const upstream of figures.upstreams) {
    const of = { ...labels, upstream: upstream.id };
    const isUp = upstream.healthy && !upstream.ejected && upstream.state === "ready";
    add("gauge", "tenfold_upstream_up", "In rotation", of, Number(isUp));
    add("gauge", "tenfold_upstream_healthy", "Verdict of the health checks", of, Number(upstream.healthy));
    add("gauge", "tenfold_upstream_ejected", "Ejected as an outlier", of, Number(upstream.ejected));
    add("gauge", "tenfold_upstream_in_flight", "Requests in flight", of, upstream.inFlight);
    add("gauge", "tenfold_upstream_connections", "Open connections", of, upstream.connections);
    add("counter", "tenfold_upstream_requests_total", "Requests sent", of, upstream.requests);
    add("counter", "tenfold_upstream_failures_total", "Requests that failed", of, upstream.failures);
    add("counter", "tenfold_upstream_ejections_total", "Ejections", of, upstream.ejections);
  }
}

function addHistogram(labels: Labels, { counts, sumMs }: ServiceFigures["durations"], add: Add): void {
  const name = "tenfold_gateway_request_duration_seconds";
  const help = "From the head of the request to the end of the answer";
  let cumulative = 0;
  for (const [index, count] of counts.entries()) {
    cumulative += count;
    const le = index < durationBoundsMs.length ? String(durationBoundsMs[index]! / 1000) : "+Inf";
    add("histogram", name, help, { ...labels, le }, cumulative, `${name}_bucket`);
  }
  add("histogram", name, help, labels, sumMs / 1000, `${name}_sum`);
  add("histogram", name, help, labels, cumulative, `${name}_count`);
}

function addFleet(status: PlatformStatus, add: Add): void {
  for (const service of status.services) {
    const states = new Map<string, number>();
    for (const instance of service.instances) states.set(instance.state, (states.get(instance.state) ?? 0) + 1);
    for (const [state, count] of states) {
      add("gauge", "tenfold_instances", "Instances by state", { service: service.name, state }, count);
    }
    add("gauge", "tenfold_instances_desired", "Instances wanted", { service: service.name }, service.desired);
    for (const { id, figures, restarts } of service.instances) {
      const of = { service: service.name, instance: id };
      add("counter", "tenfold_instance_restarts_total", "Restarts after a crash", of, restarts);
      if (figures === undefined) continue;
      add("gauge", "tenfold_instance_cpu_ratio", "Share of one core in the last second", of, figures.cpu);
      add("gauge", "tenfold_instance_resident_bytes", "Resident memory", of, figures.rssBytes);
      add("gauge", "tenfold_instance_heap_used_bytes", "Heap in use", of, figures.heapUsedBytes);
      add(
        "gauge",
        "tenfold_instance_event_loop_utilization_ratio",
        "Busy share of the event loop",
        of,
        figures.eventLoopUtilization,
      );
      add(
        "gauge",
        "tenfold_instance_event_loop_delay_p99_seconds",
        "Delay of the event loop",
        of,
        figures.eventLoopDelayP99Ms / 1000,
      );
      add(
        "gauge",
        "tenfold_instance_gc_ratio",
        "Share of the last second in garbage collection",
        of,
        figures.gcMs / 1000,
      );
    }
  }
  if (status.database.kind !== "embedded") return;
  for (const node of status.database.nodes) {
    add(
      "gauge",
      "tenfold_database_up",
      "The node answers",
      { node: node.name, role: node.role },
      Number(node.state === "ready"),
    );
    if (node.lagMs !== undefined) {
      add(
        "gauge",
        "tenfold_database_replication_lag_seconds",
        "Replay behind the primary",
        { node: node.name },
        node.lagMs / 1000,
      );
    }
  }
}
