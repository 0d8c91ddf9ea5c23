import type { ResolvedConfig } from "../config/index.ts";
import type { LimitSettings, ListenerSnapshot, Snapshot, UpstreamSnapshot } from "../gateway/index.ts";

export interface SnapshotInput {
  readonly version: number;
  readonly config: ResolvedConfig;
  readonly upstreams: Readonly<Record<string, readonly UpstreamSnapshot[]>>;
  /** Service name → port of its internal listener. */
  readonly internalPorts: Readonly<Record<string, number>>;
  /** `undefined`: nothing is limited. */
  readonly limits: LimitSettings | undefined;
  /** The port of the public listener; `undefined` until the services are ready. */
  readonly publicPort: number | undefined;
}

/** What the gateways are told: the config's part and the fleet's part, joined. */
export function composeSnapshot(input: SnapshotInput): Snapshot {
  const { version, config, upstreams, internalPorts, limits, publicPort } = input;
  const internal: ListenerSnapshot[] = Object.entries(internalPorts)
    .filter(([service]) => Object.hasOwn(config.services, service))
    .map(([service, port]) => ({ host: "127.0.0.1", port, service }));
  const listeners =
    publicPort === undefined ? internal : [{ host: config.gateway.host, port: publicPort }, ...internal];
  const services = Object.fromEntries(
    Object.values(config.services).map((service) => [
      service.name,
      {
        routes: service.routes,
        balance: service.balance,
        ...(service.sticky === undefined ? {} : { sticky: service.sticky }),
        split: service.split,
        retries: service.retries,
        timeouts: service.timeouts,
        circuit: service.circuit,
        cache: service.cache,
        overload: service.overload,
        ...(service.health === false || service.health.path === undefined ? {} : { healthPath: service.health.path }),
        upstreams: upstreams[service.name] ?? [],
        ...(service.kind === "static" ? { static: service.static } : {}),
      },
    ]),
  );
  return { version, settings: config.gateway, listeners, ...(limits === undefined ? {} : { limits }), services };
}
