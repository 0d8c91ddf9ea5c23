import type { ResolvedOverload } from "../../config/index.ts";
import type { OverloadFigures } from "../figures.ts";
import { noUpstream } from "../problems.ts";
import type { ServiceSnapshot } from "../snapshot.ts";
import type { ConcurrencyPolicy } from "./concurrency-policy.ts";
import { nextShare } from "./dimmer.ts";
import { Gate, type GateOptions } from "./gate.ts";
import type { PlaceTerms } from "./place.ts";
import { priorities } from "./waiting-line.ts";

/** What is done with the requests of a route when there is too much to do. */
export interface RequestTerms extends PlaceTerms {
  /** Where the request says how long its client waits. */
  readonly deadlineHeader: string | undefined;
  /** The service can do less for it. */
  readonly mayBrownOut: boolean;
  /** It is asked for many clients, as the cache does. */
  readonly isForMany: boolean;
  /** The same, for many: all are to have the whole. */
  readonly ofMany: RequestTerms;
}

export interface OverloadSurroundings {
  readonly createPolicy: (() => ConcurrencyPolicy) | undefined;
  /** Gateway processes that share the service. */
  readonly gateways: number;
}

type Route = ServiceSnapshot["routes"][number];

const normal = priorities.indexOf("normal");

/** Neither counted nor held up. */
export const unbounded = forMany({ gates: [], rank: normal }, undefined);

/** A service's gate, those of its routes, and how they change with what is measured. What they remember outlives snapshots. */
export class ServiceOverload {
  #gate: Gate | undefined;
  #policy: ConcurrencyPolicy | undefined;
  #settings: ResolvedOverload | false = false;
  #gateways = 0;
  /** By what the route takes: its place among others may change. */
  #ofRoutes = new Map<string, Gate>();
  #terms: readonly RequestTerms[] = [];
  #unrouted: RequestTerms = unbounded;
  /** Of the requests that the service can do less for, those that it is told to. */
  #dimmed = 0;
  #lookedAt = performance.now();

  /** Whoever is inside, or waits, stays so; where a bound is higher now, or gone, those who wait for it go on. */
  apply(snapshot: ServiceSnapshot, { createPolicy, gateways }: OverloadSurroundings): void {
    const settings = snapshot.overload ?? false;
    this.#applyGate(settings, createPolicy, gateways);
    const before = this.#ofRoutes;
    this.#ofRoutes = new Map();
    this.#unrouted = this.#termsOf(undefined, undefined);
    this.#terms = snapshot.routes.map((route) => {
      const bound = route.concurrency;
      if (bound === undefined) return this.#termsOf(route, undefined);
      const key = identityOf(route);
      const limit = ofEach(bound.max, gateways);
      const line = lineOf(bound, gateways);
      const gate = this.#ofRoutes.get(key) ?? before.get(key) ?? new Gate(limit, line);
      before.delete(key);
      gate.apply(line);
      gate.setLimit(limit, performance.now());
      this.#ofRoutes.set(key, gate);
      return this.#termsOf(route, gate);
    });
    for (const gate of before.values()) gate.setLimit(Infinity, performance.now());
  }

  /** @param index of the route; `undefined`: it came by none */
  terms(index: number | undefined): RequestTerms {
    return (index === undefined ? undefined : this.#terms[index]) ?? this.#unrouted;
  }

  /** Requests at once, by this gateway process. */
  get limit(): number {
    return this.#gate?.limit ?? Infinity;
  }

  /** @param random 0 to 1 */
  isDimmed(terms: RequestTerms, random: () => number): boolean {
    return terms.mayBrownOut && this.#dimmed > 0 && random() < this.#dimmed;
  }

  /** Ten times a second. @param now epoch milliseconds @param upstreams that take requests */
  look(now: number, upstreams: number): void {
    const monotonic = performance.now();
    const durationMs = Math.max(1, monotonic - this.#lookedAt);
    this.#lookedAt = monotonic;
    for (const gate of this.#ofRoutes.values()) gate.look(durationMs);
    const gate = this.#gate;
    if (gate === undefined) return;
    const window = gate.meter.take(gate.inFlight, { now, durationMs, upstreams });
    gate.look(durationMs);
    this.#dimmed = nextShare(this.#dimmed, window.isContended);
    if (this.#policy === undefined) return;
    this.#policy.observe(window);
    if (this.#policy.limit !== gate.limit) gate.setLimit(this.#policy.limit, monotonic);
  }

  close(): void {
    for (const gate of [this.#gate, ...this.#ofRoutes.values()]) gate?.close(noUpstream);
  }

  figures(): OverloadFigures | undefined {
    const gates = [this.#gate, ...this.#ofRoutes.values()].filter((gate) => gate !== undefined);
    if (gates.length === 0) return undefined;
    const shed = Object.fromEntries(
      priorities.map((priority, rank) => [priority, gates.reduce((sum, gate) => sum + gate.shed[rank]!, 0)]),
    ) as OverloadFigures["shed"];
    return {
      limit: this.limit === Infinity ? undefined : this.limit,
      inFlight: this.#gate?.inFlight ?? 0,
      waiting: gates.reduce((sum, gate) => sum + gate.waiting, 0),
      shed,
      brownout: this.#dimmed,
    };
  }

  #applyGate(settings: ResolvedOverload | false, create: OverloadSurroundings["createPolicy"], gateways: number): void {
    const before = this.#settings;
    const isKept = before !== false && settings !== false && before.concurrency === settings.concurrency;
    const hasSameShare = this.#gateways === gateways;
    this.#settings = settings;
    this.#gateways = gateways;
    if (settings !== false && isKept && hasSameShare) return this.#gate!.apply(lineOf(settings, gateways));
    const gate = this.#gate;
    this.#policy = settings !== false && settings.concurrency === "adaptive" ? create?.() : undefined;
    this.#dimmed = 0;
    const limit = this.#boundOf(settings);
    const line = settings === false ? undefined : lineOf(settings, gateways);
    this.#gate = line === undefined ? undefined : (gate ?? new Gate(limit, line));
    if (line !== undefined) gate?.apply(line);
    gate?.setLimit(limit, performance.now());
  }

  #boundOf(settings: ResolvedOverload | false): number {
    if (settings === false) return Infinity;
    const { concurrency } = settings;
    return concurrency === "adaptive" ? (this.#policy?.limit ?? Infinity) : ofEach(concurrency, this.#gateways);
  }

  #termsOf(route: Route | undefined, ofRoute: Gate | undefined): RequestTerms {
    const gates = [ofRoute, this.#gate].filter((gate) => gate !== undefined);
    const deadlineHeader = this.#settings === false ? undefined : this.#settings.deadlineHeader;
    const ofMany = forMany({ gates, rank: priorities.indexOf(route?.priority ?? "normal") }, deadlineHeader);
    return { ...ofMany, ofMany, isForMany: false, mayBrownOut: route?.brownout === true };
  }
}

function identityOf({ host, path, methods, headers, cookies }: Route): string {
  return JSON.stringify([host, path, methods, headers, cookies]);
}

function forMany(place: PlaceTerms, deadlineHeader: string | undefined): RequestTerms {
  return {
    ...place,
    deadlineHeader,
    mayBrownOut: false,
    isForMany: true,
    get ofMany() {
      return this;
    },
  };
}

function lineOf({ queue, queueTimeoutMs }: GateOptions, gateways: number): GateOptions {
  return { queue: Math.ceil(queue / gateways), queueTimeoutMs };
}

/** What all processes may have together, fairly divided. */
function ofEach(concurrency: number, gateways: number): number {
  return Math.max(1, Math.ceil(concurrency / gateways));
}
