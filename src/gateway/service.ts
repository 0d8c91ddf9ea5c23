import type { ResolvedCircuit, ResolvedRetries, ResolvedTimeouts } from "../config/index.ts";
import type { Selector } from "./balancing/candidate.ts";
import type { CacheOutcome } from "./cache-port.ts";
import { hash32 } from "./balancing/hash.ts";
import { pick } from "./balancing/pick.ts";
import { hashKeyOf, requestKey, type KeyedRequest } from "./balancing/request-key.ts";
import { createSelector } from "./balancing/selector.ts";
import { type ServiceFigures, StatusCounts } from "./figures.ts";
import { DurationHistogram } from "./histogram.ts";
import { canTakeRequest, canWait } from "./resilience/circuit.ts";
import { recordFailure, recordSuccess } from "./resilience/outlier-ejection.ts";
import type { CreateConcurrencyPolicy } from "./overload/concurrency-policy.ts";
import { type RequestTerms, ServiceOverload, unbounded } from "./overload/service-overload.ts";
import { eligible, type Eligible } from "./resilience/panic.ts";
import { RetryBudget } from "./resilience/retry-budget.ts";
import { chooseService, compileSplit, type Split } from "./routing/split.ts";
import { StickyCookie } from "./routing/sticky.ts";
import type { RoutedRequest } from "./routing/route-table.ts";
import type { ServiceSnapshot } from "./snapshot.ts";
import { Upstream } from "./upstream.ts";

/** Time and chance, as the policies take them. */
export interface Circumstances {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
  /** Without it, `"adaptive"` is no bound. */
  readonly createConcurrencyPolicy?: CreateConcurrencyPolicy;
}

/**
 * One service of the current snapshot: its policies, compiled, and what they remember. A snapshot that changes some of it
 * leaves the rest of the memory alone.
 */
export class Service {
  readonly name: string;
  readonly statuses = new StatusCounts();
  readonly durations = new DurationHistogram();
  retried = 0;
  moved = 0;
  shed = 0;
  bytesIn = 0;
  bytesOut = 0;
  readonly cached: Record<CacheOutcome, number> = {
    hit: 0,
    stale: 0,
    miss: 0,
    collapsed: 0,
    revalidated: 0,
    "stand-in": 0,
    pass: 0,
  };
  readonly #circumstances: Circumstances;
  #snapshot: ServiceSnapshot;
  #upstreams: readonly Upstream[] = [];
  #eligible: Eligible<Upstream> = { upstreams: [], isPanicking: false, validUntil: Infinity };
  #selector: Selector;
  #budget: RetryBudget | undefined;
  #split: Split | undefined;
  #sticky: StickyCookie<Upstream> | undefined;
  readonly #overload = new ServiceOverload();
  #healthPath: string | undefined;

  constructor(name: string, snapshot: ServiceSnapshot, circumstances: Circumstances, gateways = 1) {
    this.name = name;
    this.#circumstances = circumstances;
    this.#snapshot = snapshot;
    this.#selector = createSelector(snapshot.balance, circumstances.random);
    this.#budget = snapshot.retries === false ? undefined : new RetryBudget(snapshot.retries.budget);
    this.#compile(gateways);
  }

  get timeouts(): ResolvedTimeouts {
    return this.#snapshot.timeouts;
  }

  get retries(): ResolvedRetries | false {
    return this.#snapshot.retries;
  }

  get upstreams(): readonly Upstream[] {
    return this.#upstreams;
  }

  /** @returns upstreams that are no longer there */
  apply(snapshot: ServiceSnapshot, gateways = 1): Upstream[] {
    const before = this.#snapshot;
    this.#snapshot = snapshot;
    if (JSON.stringify(before.balance) !== JSON.stringify(snapshot.balance)) {
      this.#selector = createSelector(snapshot.balance, this.#circumstances.random);
    }
    if (JSON.stringify(before.retries) !== JSON.stringify(snapshot.retries)) {
      this.#budget = snapshot.retries === false ? undefined : new RetryBudget(snapshot.retries.budget);
    }
    return this.#compile(gateways);
  }

  /** The service that is to take this request: this one, or one that it gives a share of its requests to. */
  shareOf(request: KeyedRequest): string {
    if (this.#split === undefined) return this.name;
    // A service that keeps clients on an instance also keeps them on one side of the split.
    const isKept = this.#sticky !== undefined;
    return chooseService(this.#split, isKept ? hash32(request.clientAddress) / 2 ** 32 : this.#circumstances.random());
  }

  /** What is done with it when there is too much to do. @param route its index; `undefined`: it came by none of this service */
  termsOf({ method, path }: RoutedRequest, route: number | undefined): RequestTerms {
    // Who asks whether the service is well must not be told that it is busy.
    if (path === this.#healthPath && (method === "GET" || method === "HEAD")) return unbounded;
    return this.#overload.terms(route);
  }

  /** The service is to be told that it may do less for it. */
  isDimmed(terms: RequestTerms): boolean {
    return this.#overload.isDimmed(terms, this.#circumstances.random);
  }

  /** @returns `"none"`: nobody is there; `"full"`: all are at their circuit limits */
  choose(request: KeyedRequest, tried: readonly Upstream[]): Upstream | "none" | "full" {
    const now = this.#circumstances.now();
    if (now >= this.#eligible.validUntil) this.refresh();
    const { upstreams } = this.#eligible;
    if (upstreams.length === 0) return "none";
    const kept = this.#sticky?.find(request.header("cookie"));
    if (kept !== undefined && upstreams.includes(kept) && !tried.includes(kept) && this.#canTake(kept)) return kept;
    const hashKey = hashKeyOf(this.#snapshot.balance);
    const key = hashKey === undefined ? 0 : requestKey(hashKey, request);
    let except: Upstream[] | undefined;
    let spare: Upstream | undefined;
    for (let i = 0; i < upstreams.length; i++) {
      const chosen = pick(this.#selector, upstreams, except ?? tried, key, now) as Upstream;
      if (this.#canTake(chosen)) {
        // One that hangs must not have the places of all.
        if (chosen.places < chosen.maxPlaces) return chosen;
        spare ??= chosen;
      }
      (except ??= [...tried]).push(chosen);
    }
    return spare ?? "full";
  }

  /** Another upstream than this one could take requests. */
  hasOther(upstream: Upstream): boolean {
    return this.#eligible.upstreams.some((each) => each !== upstream && each.healthy);
  }

  /** The Set-Cookie that keeps the client on this upstream; `undefined` when it need not be sent. */
  stickyCookie(request: KeyedRequest, upstream: Upstream, isSecure: boolean): string | undefined {
    if (this.#sticky === undefined || this.#sticky.find(request.header("cookie")) === upstream) return undefined;
    // Another gateway process that was asked in the service's place has said so already.
    if (!this.#upstreams.includes(upstream)) return undefined;
    return this.#sticky.setCookie(upstream, isSecure);
  }

  recordRequest(): void {
    this.#budget?.recordRequest(this.#circumstances.now());
  }

  tryRetry(): boolean {
    return this.#budget?.tryRetry(this.#circumstances.now()) ?? false;
  }

  /** What an attempt showed of its upstream. */
  recordOutcome(upstream: Upstream, isFailure: boolean): void {
    if (!isFailure) return recordSuccess(upstream.outlier);
    upstream.failures++;
    const { now, random } = this.#circumstances;
    if (!recordFailure(upstream, this.#upstreams, now(), undefined, random)) return;
    upstream.ejections++;
    this.refresh();
  }

  recordLatency(upstream: Upstream, ms: number): void {
    upstream.recordLatency(ms, this.#circumstances.now());
  }

  /** Who may be given requests has changed. */
  refresh(): void {
    this.#eligible = eligible(this.#upstreams, this.#circumstances.now());
    this.#sharePlaces();
  }

  /** Nobody waits here any more. */
  close(): void {
    this.#overload.close();
  }

  look(): void {
    const now = this.#circumstances.now();
    for (const upstream of this.#upstreams) upstream.look(now);
    this.#overload.look(now, this.#eligible.upstreams.length);
    this.#sharePlaces();
  }

  figures(): ServiceFigures {
    const now = this.#circumstances.now();
    return {
      requests: this.statuses.figures(),
      durations: this.durations.figures(),
      retries: this.retried,
      moved: this.moved,
      shed: this.shed,
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      cached: { ...this.cached },
      overload: this.#overload.figures(),
      isPanicking: this.#eligible.isPanicking,
      upstreams: this.#upstreams.map((upstream) => upstream.figures(now)),
    };
  }

  /** Places by weight. */
  #sharePlaces(): void {
    const { limit } = this.#overload;
    const { upstreams } = this.#eligible;
    let total = 0;
    for (const { weight } of upstreams) total += weight;
    for (const upstream of upstreams) {
      upstream.maxPlaces = limit === Infinity ? Infinity : Math.ceil((limit * upstream.weight) / total);
    }
  }

  #canTake(upstream: Upstream): boolean {
    const circuit: ResolvedCircuit = this.#snapshot.circuit;
    if (!canTakeRequest(upstream.requestsInFlight, circuit)) return false;
    // To count exactly who waits costs a look at every connection: only done where it decides.
    return canWait(upstream.pending, circuit) || canWait(upstream.waiting, circuit);
  }

  #compile(gateways: number): Upstream[] {
    const { upstreams, sticky, split, timeouts } = this.#snapshot;
    const now = this.#circumstances.now();
    const before = new Map(this.#upstreams.map((upstream) => [upstream.id, upstream]));
    this.#upstreams = upstreams.map((snapshot, index) => {
      const known = before.get(snapshot.id);
      const upstream = known?.isAt(snapshot) === true ? known : new Upstream(snapshot, timeouts.connectMs);
      upstream.apply(snapshot, index, timeouts.connectMs);
      upstream.warm(now);
      return upstream;
    });
    this.#healthPath = this.#snapshot.healthPath?.split("?")[0];
    this.#split = compileSplit(this.name, split);
    this.#sticky = sticky === undefined ? undefined : new StickyCookie(sticky, this.#upstreams);
    this.refresh();
    // Whom it lets in goes to the upstreams that are there now.
    const { createConcurrencyPolicy: create } = this.#circumstances;
    const createPolicy = create === undefined ? undefined : () => create(this.name, gateways);
    this.#overload.apply(this.#snapshot, { createPolicy, gateways });
    this.#sharePlaces();
    return [...before.values()].filter((upstream) => !this.#upstreams.includes(upstream));
  }
}
