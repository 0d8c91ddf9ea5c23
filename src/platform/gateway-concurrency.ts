import type { LoadWindow } from "../gateway/index.ts";
import { SharedConcurrency } from "../limits/index.ts";

/** A gateway process, as far as it is told of its places. */
export interface PlaceKeeper {
  limitConcurrency(service: string, limit: number): void;
}

/** What the gateway processes of this machine may have at their services at once, where there are several: all that they measure comes here. */
export class GatewayConcurrency {
  readonly #ofServices = new Map<string, SharedConcurrency<PlaceKeeper>>();

  /** @param limit that it keeps to now */
  report(process: PlaceKeeper, service: string, window: LoadWindow, limit: number): void {
    const shared = this.#ofServices.get(service) ?? new SharedConcurrency<PlaceKeeper>();
    this.#ofServices.set(service, shared);
    tell(service, shared.report(process, window, limit));
  }

  /** It has ended: what it had is for the others. */
  leave(process: PlaceKeeper): void {
    for (const [service, shared] of this.#ofServices) tell(service, shared.leave(process));
  }

  /** What is known of other services is forgotten. */
  keep(services: readonly string[]): void {
    for (const service of this.#ofServices.keys()) if (!services.includes(service)) this.#ofServices.delete(service);
  }
}

function tell(service: string, changes: ReadonlyMap<PlaceKeeper, number>): void {
  for (const [process, limit] of changes) process.limitConcurrency(service, limit);
}
