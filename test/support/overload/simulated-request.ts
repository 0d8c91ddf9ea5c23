import type { Events } from "./events.ts";
import type { Waiter } from "./simulated-gate.ts";
import type { SimulatedGateway, SimulatedUpstream } from "./simulated-gateway.ts";
import type { Demand } from "./simulation.ts";
import type { Station } from "./station.ts";

export interface Attempt {
  readonly demand: Demand;
  /** Where those wait who need no server. */
  readonly idle: Station;
  /** Further ones, if it fails. */
  readonly retries: number;
  /** In its time. */
  readonly onAnswered: () => void;
}

export interface Surroundings {
  readonly gateways: readonly SimulatedGateway[];
  readonly events: Events;
  readonly random: () => number;
}

/** From the gateway to the upstream, and back: half of it each way. */
const wayMs = 0.3;
const turnMs = 1;

/** By a gateway that chance chooses. Its client waits no longer than it does; the service does what it has been given all the same. */
export function send(attempt: Attempt, surroundings: Surroundings): void {
  const { gateways, random, events } = surroundings;
  const request = new SimulatedRequest(attempt, gateways[Math.floor(random() * gateways.length)]!, surroundings);
  request.begin();
  events.after(attempt.demand.timeoutMs ?? 1_000, () => request.timeOut());
}

class SimulatedRequest implements Waiter {
  readonly rank: number;
  readonly since: number;
  isOver = false;
  readonly #attempt: Attempt;
  readonly #gateway: SimulatedGateway;
  readonly #surroundings: Surroundings;
  #placedAt = 0;
  #upstream: SimulatedUpstream | undefined;
  #isQuiet = false;
  #hasWaited = false;

  constructor(attempt: Attempt, gateway: SimulatedGateway, surroundings: Surroundings) {
    this.rank = attempt.demand.rank ?? 1;
    this.since = surroundings.events.now;
    this.#attempt = attempt;
    this.#gateway = gateway;
    this.#surroundings = surroundings;
  }

  begin(): void {
    this.#gateway.gate.enter(this, this.since);
    this.#hasWaited = true;
  }

  admit(): void {
    const { events, random } = this.#surroundings;
    const { demand, idle } = this.#attempt;
    const upstream = this.#gateway.choose();
    upstream.places++;
    this.#upstream = upstream;
    this.#placedAt = events.now;
    this.#isQuiet = upstream.places === 1 && !this.#hasWaited;
    const station = demand.isIdle === true ? idle : upstream.station;
    const work = demand.work(random);
    events.after(wayMs / 2, () => station.take(work, () => events.after(wayMs / 2, () => this.#answer())));
  }

  refuse(): void {
    this.#tryAgain();
  }

  timeOut(): void {
    if (this.isOver) return;
    if (this.#upstream === undefined) this.isOver = true;
    else {
      this.#gateway.gate.abandon(this.#surroundings.events.now - this.#placedAt);
      this.#leave(this.#upstream);
    }
    this.#tryAgain();
  }

  #answer(): void {
    if (this.isOver) return;
    const { events, random } = this.#surroundings;
    const { demand, onAnswered } = this.#attempt;
    if (demand.failing !== undefined && random() < demand.failing(events.now)) this.#gateway.gate.fail();
    else {
      this.#gateway.gate.answer(events.now - this.#placedAt, this.#isQuiet);
      onAnswered();
    }
    this.#leave(this.#upstream!);
  }

  #leave(upstream: SimulatedUpstream): void {
    this.isOver = true;
    upstream.places--;
    this.#gateway.gate.leave(this.#surroundings.events.now);
  }

  #tryAgain(): void {
    const { retries } = this.#attempt;
    if (retries === 0) return;
    this.#surroundings.events.after(turnMs, () => send({ ...this.#attempt, retries: retries - 1 }, this.#surroundings));
  }
}
