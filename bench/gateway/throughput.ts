import type { Running } from "../support/servers.ts";
import type { Site } from "../support/site.ts";
import type { Figures } from "../support/target.ts";
import * as support from "../support/throughput.ts";
import { contenders } from "./contenders.ts";
import { paths } from "./origin.ts";
import type { Start } from "./peers/peer.ts";
import type { Row } from "./row.ts";

/** What clients ask for; by default, the small answer. */
export type Requests = Partial<support.Requests>;

/** As much as the proxy takes. */
export function throughput(requests: Requests = {}): Row["measure"] {
  return (row, site) =>
    support.measureThroughput(row.contenders, site, {
      start: (name) => (contenders[name] as Start)(site.upstream),
      requests: { path: paths.small, ...requests },
    });
}

export function warmUp(running: Running, requests: Requests, site: Site): Promise<void> {
  return support.warmUp(running, { path: paths.small, ...requests }, site);
}

export function load(running: Running, requests: Requests, site: Site, seconds: number): Promise<Figures> {
  return support.load(running, { path: paths.small, ...requests }, site, seconds);
}
