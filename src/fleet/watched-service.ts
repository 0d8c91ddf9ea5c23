import type { UrlService } from "../config/index.ts";
import type { Clock } from "../kernel/index.ts";
import type { EmitEvent } from "./event.ts";
import { HealthWatch } from "./health-watch.ts";
import type { Service } from "./service.ts";
import type { ServiceStatus } from "./status.ts";
import type { FleetUpstream } from "./upstream.ts";

export interface WatchedServiceDeps {
  readonly clock: Clock;
  readonly emit: EmitEvent;
  readonly changed: () => void;
}

interface Origin {
  readonly id: string;
  readonly origin: string;
  readonly weight: number;
  readonly watch: HealthWatch;
}

/** A service that runs elsewhere: never started, only watched. Without health checks it is taken to be healthy. */
export class WatchedService implements Service {
  readonly spec: UrlService;
  readonly #deps: WatchedServiceDeps;
  readonly #origins: readonly Origin[];
  #readyAt = 0;

  constructor(spec: UrlService, deps: WatchedServiceDeps) {
    this.spec = spec;
    this.#deps = deps;
    this.#origins = spec.urls.map(({ url, weight }, index) => {
      const id = `${spec.name}-${index + 1}`;
      const { origin } = new URL(url);
      const onChange = (): void => this.#report(id, origin);
      return { id, origin, weight, watch: new HealthWatch(origin, () => spec.health, { clock: deps.clock, onChange }) };
    });
  }

  get name(): string {
    return this.spec.name;
  }

  /** Asks each once. One that does not answer fails nothing: it may come, and it is not ours to start. */
  async start(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#origins.map(({ watch }) => watch.begin()));
    signal.throwIfAborted();
    this.#readyAt = this.#deps.clock.now();
    for (const { watch } of this.#origins) watch.start();
    this.#deps.changed();
  }

  stop(): Promise<void> {
    for (const { watch } of this.#origins) watch.stop();
    return Promise.resolve();
  }

  status(): ServiceStatus {
    const count = this.#origins.length;
    const instances = this.#origins.map(({ id, origin, watch }) => {
      const { healthy, reason, since } = watch.verdict;
      const address = new URL(origin).host;
      return {
        id,
        state: "ready" as const,
        healthy,
        ...(reason === undefined ? {} : { reason }),
        address,
        since,
        restarts: 0,
      };
    });
    return { name: this.name, kind: "urls", desired: count, min: count, max: count, instances };
  }

  upstreams(): FleetUpstream[] {
    return this.#origins.map(({ id, origin, weight, watch }) => ({
      id,
      origin,
      weight,
      state: "ready",
      healthy: watch.verdict.healthy,
      readyAt: this.#readyAt,
    }));
  }

  #report(instance: string, origin: string): void {
    const { healthy, reason } = this.#origins.find(({ id }) => id === instance)!.watch.verdict;
    const message = healthy ? `${instance} (${origin}) is healthy` : `${instance} (${origin}) is unhealthy: ${reason}`;
    const type = healthy ? "healthy" : "unhealthy";
    this.#deps.emit({ service: this.name, instance, type, message, level: healthy ? "info" : "warn" });
    this.#deps.changed();
  }
}
