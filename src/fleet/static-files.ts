import type { StaticService } from "../config/index.ts";
import type { Service } from "./service.ts";
import type { ServiceStatus } from "./status.ts";
import type { FleetUpstream } from "./upstream.ts";

/** A service that the gateways are themselves: nothing is started, and nothing can be unhealthy. */
export class StaticFiles implements Service {
  readonly spec: StaticService;

  constructor(spec: StaticService) {
    this.spec = spec;
  }

  get name(): string {
    return this.spec.name;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  status(): ServiceStatus {
    const { directory } = this.spec.static;
    return { name: this.name, kind: "static", directory, desired: 0, min: 0, max: 0, instances: [] };
  }

  upstreams(): FleetUpstream[] {
    return [];
  }
}
