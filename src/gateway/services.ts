import { type Circumstances, Service } from "./service.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Upstream } from "./upstream.ts";

export interface ServicesOptions extends Circumstances {
  /** An upstream that drains or has left has no request in flight any more. */
  readonly onDrained: (upstreamId: string) => void;
}

/** The services of the current snapshot, and upstreams that have left it and still have something to finish. */
export class Services {
  readonly #options: ServicesOptions;
  readonly #byName = new Map<string, Service>();
  readonly #leaving = new Set<Upstream>();

  constructor(options: ServicesOptions) {
    this.#options = options;
  }

  get(name: string): Service | undefined {
    return this.#byName.get(name);
  }

  [Symbol.iterator](): Iterator<Service> {
    return this.#byName.values();
  }

  /** Services that both snapshots have keep what they remember. */
  apply(before: Snapshot, { services, settings: { processes } }: Snapshot): void {
    for (const [name, snapshot] of Object.entries(services)) {
      const known = this.#byName.get(name);
      if (known === undefined) this.#byName.set(name, new Service(name, snapshot, this.#options, processes));
      else this.#dismiss(known.apply(snapshot, processes));
    }
    for (const [name, service] of this.#byName) {
      if (services[name] !== undefined) continue;
      this.#byName.delete(name);
      this.#dismiss(service.apply({ ...before.services[name]!, upstreams: [], split: {} }, processes));
      service.close();
    }
  }

  /** After a snapshot: who is drained already is said. */
  settle(): void {
    for (const service of this) for (const upstream of service.upstreams) this.onReleased(upstream);
    for (const upstream of this.#leaving) this.onReleased(upstream);
  }

  readonly onReleased = (upstream: Upstream): void => {
    if (!upstream.draining && !upstream.isGone) return;
    if (upstream.requestsInFlight > 0) return;
    if (upstream.isGone) {
      this.#leaving.delete(upstream);
      void upstream.close();
    }
    this.#options.onDrained(upstream.id);
  };

  findUpstream(id: string): Upstream | undefined {
    for (const service of this) {
      const found = service.upstreams.find((upstream) => upstream.id === id);
      if (found !== undefined) return found;
    }
    return [...this.#leaving].find((upstream) => upstream.id === id);
  }

  look(): void {
    for (const service of this) service.look();
  }

  /** Nobody waits for a place any more. @returns whose connections are to be ended */
  close(): Upstream[] {
    for (const service of this) service.close();
    return [...[...this].flatMap((service) => service.upstreams), ...this.#leaving];
  }

  #dismiss(upstreams: readonly Upstream[]): void {
    for (const upstream of upstreams) {
      upstream.isGone = true;
      this.#leaving.add(upstream);
    }
  }
}
