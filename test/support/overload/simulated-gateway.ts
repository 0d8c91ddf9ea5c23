import type { ConcurrencyPolicy, LoadWindow } from "../../../src/gateway/index.ts";
import { Gate } from "../../../src/gateway/overload/gate.ts";
import type { Station } from "./station.ts";

export interface SimulatedUpstream {
  readonly station: Station;
  /** Requests of this gateway that have a place there. */
  places: number;
  /** Connections that are open, and free. */
  idle: number;
}

/** As the config has them by default. */
const line = { queue: 1_000, queueTimeoutMs: 1_000 };

/** One process: its gate, which is the gateway's own, its policy, and whom it sends to. */
export class SimulatedGateway {
  /** Looked after by simulated time. */
  readonly gate = new Gate(Infinity, line, () => () => undefined);
  readonly #policy: ConcurrencyPolicy;
  readonly #random: () => number;
  readonly #upstreams: SimulatedUpstream[] = [];

  constructor(policy: ConcurrencyPolicy, random: () => number) {
    this.#policy = policy;
    this.#random = random;
    this.gate.setLimit(policy.limit, 0);
  }

  get limit(): number {
    return this.#policy.limit;
  }

  look(at: Pick<LoadWindow, "now" | "durationMs">, now: number): void {
    const { gate } = this;
    const window = gate.meter.take(gate.inFlight, { ...at, upstreams: this.#upstreams.length });
    gate.look(at.durationMs);
    this.#policy.observe(window);
    gate.setLimit(this.#policy.limit, now);
  }

  setUpstreams(count: number, stations: readonly Station[]): void {
    while (this.#upstreams.length < count) {
      this.#upstreams.push({ station: stations[this.#upstreams.length % stations.length]!, places: 0, idle: 0 });
    }
    this.#upstreams.length = count;
  }

  /** Who has the fewest requests; among equals by chance. */
  choose(): SimulatedUpstream {
    let best = this.#upstreams[0]!;
    let ties = 0;
    for (const upstream of this.#upstreams) {
      if (upstream.places > best.places) continue;
      ties = upstream.places < best.places ? 1 : ties + 1;
      if (this.#random() * ties < 1) best = upstream;
    }
    return best;
  }
}
