import type { Events } from "./events.ts";
import type { Guest } from "../../../src/gateway/overload/gate.ts";
import { kindOf } from "../../../src/gateway/overload/request-kinds.ts";
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
  readonly onAnswered: (ms: number) => void;
  /** Answered, refused or given up, and not to be tried again. */
  readonly onOver: () => void;
}

export interface Surroundings {
  readonly gateways: readonly SimulatedGateway[];
  readonly hasConnections: boolean;
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
  if (!request.isOver) events.after(attempt.demand.timeoutMs ?? 1_000, () => request.timeOut());
}

class SimulatedRequest implements Guest {
  rank: number;
  ahead: this | undefined = undefined;
  behind: this | undefined = undefined;
  isInLine = false;
  waitsSince = 0;
  readonly deadlineAt = Infinity;
  isOver = false;
  readonly #attempt: Attempt;
  readonly #gateway: SimulatedGateway;
  readonly #surroundings: Surroundings;
  #begunAt = 0;
  #placedAt = 0;
  #upstream: SimulatedUpstream | undefined;
  #isQuiet = false;
  readonly #kind: number;
  #hasWaited = false;

  constructor(attempt: Attempt, gateway: SimulatedGateway, surroundings: Surroundings) {
    this.rank = attempt.demand.rank ?? 1;
    this.#attempt = attempt;
    this.#gateway = gateway;
    this.#kind = kindOf("GET", attempt.demand.path ?? "/");
    this.#surroundings = surroundings;
  }

  begin(): void {
    const { now } = this.#surroundings.events;
    this.#begunAt = now;
    const answer = this.#gateway.gate.enter(this, now);
    this.#hasWaited = answer === "waiting";
    if (answer === "inside") this.onAdmitted();
    else if (answer !== "waiting") this.onTurnedAway();
  }

  onAdmitted(): void {
    const { events, random } = this.#surroundings;
    const { demand, idle } = this.#attempt;
    const upstream = this.#gateway.choose();
    upstream.places++;
    this.#upstream = upstream;
    this.#placedAt = events.now;
    this.#isQuiet = upstream.places === 1 && !this.#hasWaited;
    const station = demand.isIdle === true ? idle : upstream.station;
    const work = demand.work(random);
    const isConnecting = this.#surroundings.hasConnections && station !== idle && upstream.idle === 0;
    if (!isConnecting) upstream.idle--;
    const done = (): void => events.after(wayMs / 2, () => this.#answer());
    events.after(wayMs / 2, () => station.take(work, done, isConnecting));
  }

  onTurnedAway(): void {
    this.isOver = true;
    this.#tryAgain();
  }

  timeOut(): void {
    if (this.isOver) return;
    const { gate } = this.#gateway;
    this.isOver = true;
    if (this.#upstream === undefined) gate.giveUp(this);
    else {
      gate.meter.abandon(this.#kind, this.#surroundings.events.now - this.#placedAt);
      this.#leave(this.#upstream, undefined);
    }
    this.#tryAgain();
  }

  #answer(): void {
    if (this.isOver) return;
    const { events, random } = this.#surroundings;
    const { demand, onAnswered } = this.#attempt;
    const { meter } = this.#gateway.gate;
    const ms = events.now - this.#placedAt;
    this.isOver = true;
    if (demand.failing !== undefined && random() < demand.failing(events.now)) {
      meter.fail();
      this.#leave(this.#upstream!, undefined);
      return;
    }
    meter.answer(this.#kind, ms, this.#isQuiet);
    onAnswered(events.now - this.#begunAt);
    this.#upstream!.idle++;
    this.#leave(this.#upstream!, ms);
    this.#attempt.onOver();
  }

  #leave(upstream: SimulatedUpstream, ms: number | undefined): void {
    upstream.places--;
    this.#gateway.gate.leave(ms, this.#surroundings.events.now);
  }

  #tryAgain(): void {
    const { retries } = this.#attempt;
    this.#surroundings.events.after(turnMs, () => {
      if (retries === 0) this.#attempt.onOver();
      else send({ ...this.#attempt, retries: retries - 1 }, this.#surroundings);
    });
  }
}
