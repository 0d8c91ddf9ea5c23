import type { ResolvedConfig } from "../config/index.ts";
import type { Parts } from "./parts.ts";
import { routeText } from "./route-text.ts";
import type { PlatformState, PlatformStatus } from "./status.ts";

export interface StatusSources {
  readonly config: ResolvedConfig;
  readonly state: PlatformState;
  readonly startedAt: number;
  /** `undefined`: nothing runs. */
  readonly parts: Parts | undefined;
}

/** What runs, as its parts tell it. */
export async function composeStatus({ config, state, startedAt, parts }: StatusSources): Promise<PlatformStatus> {
  return {
    name: config.name,
    root: config.root,
    pid: process.pid,
    state,
    startedAt,
    url: parts?.publisher.url,
    gateways: parts?.gateways.status() ?? [],
    services: (parts?.fleet.status() ?? []).map((service) => ({
      ...service,
      routes: config.services[service.name]?.routes.map(routeText) ?? [],
    })),
    database: (await parts?.database.status()) ?? { kind: "none" },
  };
}
