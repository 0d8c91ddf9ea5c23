import type { ResolvedConfig } from "../config/index.ts";
import type { ListenerSnapshot, Snapshot, UpstreamSnapshot } from "../gateway/index.ts";

export interface SnapshotInput {
  readonly version: number;
  readonly config: ResolvedConfig;
  readonly upstreams: Readonly<Record<string, readonly UpstreamSnapshot[]>>;
  /** Service name → port of its internal listener. */
  readonly internalPorts: Readonly<Record<string, number>>;
  /** The port of the public listener; `undefined` until the services are ready. */
  readonly publicPort: number | undefined;
}

/** What the gateways are told: the config's part and the fleet's part, joined. */
export function composeSnapshot({ version, config, upstreams, internalPorts, publicPort }: SnapshotInput): Snapshot {
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
        upstreams: upstreams[service.name] ?? [],
        ...(service.kind === "static" ? { static: service.static } : {}),
      },
    ]),
  );
  return { version, settings: config.gateway, listeners, services };
}
