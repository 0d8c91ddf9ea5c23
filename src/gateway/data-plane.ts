import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { everyAligned, runAll } from "../kernel/index.ts";
import { accessLine, type LoggedRequest } from "./access-line.ts";
import type { AccessLog } from "./access-log.ts";
import type { CacheableRequest, HttpCache } from "./cache-port.ts";
import type { LimitedRequest, RequestLimits, Ruling } from "./limits-port.ts";
import { Fetches } from "./caching/fetches.ts";
import type { KeyedRequest } from "./balancing/request-key.ts";
import type { Course } from "./course.ts";
import type { Attempt } from "./attempt.ts";
import { type Addressed, type CachedDestination, type Destination, isCached, type MaybeCached } from "./destination.ts";
import { lookEveryMs } from "./deadlines.ts";
import type { ExchangeHost } from "./exchange-host.ts";
import type { Exchange } from "./exchange.ts";
import { type GatewayFigures, PathCounts, StatusCounts } from "./figures.ts";
import type { Reception } from "./inbound-request.ts";
import type { Peers } from "./peers/peers.ts";
import { type Callers, Receptions } from "./receptions.ts";
import { Rounds } from "./rounds.ts";
import { compileRoutes, type RoutedRequest, type RouteTable } from "./routing/route-table.ts";
import type { Circumstances } from "./service.ts";
import { Services } from "./services.ts";
import { assertOrigins, type Snapshot } from "./snapshot.ts";
import { Tunnels } from "./tunnels.ts";
import type { Upstream } from "./upstream.ts";

/** A connection on the fast path, as the plane watches over it. */
export interface FastLane {
  /** Where its request is now, if it has one. */
  readonly upstream: Upstream | undefined;
  moveAway(): void;
  checkDeadline(now: number): void;
}

export interface DataPlaneOptions extends Circumstances {
  readonly log: AccessLog | undefined;
  readonly cache: HttpCache | undefined;
  readonly limits: RequestLimits | undefined;
  /** `undefined`: this is the only gateway process. */
  readonly peers: Peers | undefined;
  /** An upstream that drains or has left has no request in flight any more. */
  readonly onDrained: (upstreamId: string, version: number) => void;
}

/** Nearly all connections are idle: they are looked at in parts, as often as what is under way. */
const laneParts = 5;

/**
 * The current snapshot, compiled, and everything under way. A snapshot takes effect between two turns of the event loop:
 * no request ever sees half of one.
 */
export class DataPlane implements ExchangeHost<Exchange> {
  readonly #options: DataPlaneOptions;
  readonly #exchanges = new Set<Exchange>();
  readonly #lanes = new Set<FastLane>();
  /** For the cache. */
  readonly fetches: Fetches;
  readonly #tunnels = new Tunnels();
  readonly #services: Services;
  readonly #unrouted = new StatusCounts();
  readonly #receptions: Receptions;
  readonly #lastAnswered = new WeakSet<Socket>();
  readonly #looks: readonly (() => void)[];
  #snapshot: Snapshot;
  #routes: RouteTable;
  readonly paths = new PathCounts();
  isDraining = false;
  #isCaching = false;
  #isLimiting = false;

  constructor(snapshot: Snapshot, options: DataPlaneOptions) {
    this.#options = options;
    this.#snapshot = snapshot;
    this.#routes = compileRoutes(snapshot.services);
    this.#services = new Services({ ...options, onDrained: (id) => options.onDrained(id, this.#snapshot.version) });
    this.#receptions = new Receptions(snapshot.settings);
    this.fetches = new Fetches(this, options.peers);
    this.apply(snapshot);
    const lanes = new Rounds(this.#lanes, laneParts);
    const laneLook = setInterval(() => this.#checkLanes(lanes), lookEveryMs / laneParts).unref();
    this.#looks = [everyAligned(lookEveryMs, () => this.#checkDeadlines()), () => clearInterval(laneLook)];
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** `undefined`: nothing is cached. */
  get cache(): HttpCache | undefined {
    return this.#options.cache;
  }

  get mayShare(): boolean {
    return this.#snapshot.settings.pipelining;
  }

  now(): number {
    return this.#options.now();
  }

  get maxBodyBytes(): number {
    return this.#snapshot.settings.maxBodyBytes;
  }

  get active(): number {
    return this.#exchanges.size - this.#tunnels.size + this.paths.active;
  }

  /** How requests are read that come in at a listener. */
  reception(callers: Callers): Reception {
    return this.#receptions.of(callers);
  }

  apply(snapshot: Snapshot): void {
    assertOrigins(snapshot);
    const before = this.#snapshot;
    this.#snapshot = snapshot;
    this.#routes = compileRoutes(snapshot.services);
    const { cacheBytes, processes, compression } = snapshot.settings;
    this.cache?.configure({ maxBytes: Math.floor(cacheBytes / processes), compression });
    this.#isCaching = this.cache !== undefined && cacheBytes > 0;
    this.#receptions.apply(snapshot.settings);
    const { limits } = snapshot;
    this.#isLimiting = this.#options.limits !== undefined && limits !== undefined && limits.limits.length > 0;
    if (limits !== undefined) this.#options.limits?.configure(limits, processes);
    this.#services.apply(before, snapshot);
    this.#settle();
  }

  /**
   * What a request may have changed is gone from all caches before its client has the answer.
   *
   * @returns when it is; `undefined`: it is
   */
  invalidate(change: CacheableRequest, status: number, fields: readonly string[]): Promise<void> | undefined {
    const { cache, peers } = this.#options;
    const orders = cache?.invalidate(change, status, fields) ?? [];
    if (orders.length === 0 || peers === undefined || peers.isAlone) return undefined;
    return peers.purge(orders, () => orders.forEach((order) => cache!.purge(order)));
  }

  start(exchange: Exchange): void {
    this.#exchanges.add(exchange);
    exchange.start();
  }

  route(request: RoutedRequest & KeyedRequest & Addressed): Destination | undefined {
    const { isFellow } = request;
    const match = request.service === undefined || isFellow ? this.#routes.match(request) : undefined;
    const service = this.#services.get(request.service ?? match?.service ?? "");
    if (service === undefined) return undefined;
    // The other process has split already.
    const taking = isFellow ? service : (this.#services.get(service.shareOf(request)) ?? service);
    const ofRoute = match?.service === taking.name ? match : undefined;
    return {
      service: taking,
      rules: this.#isCaching && match !== undefined && match.cache,
      terms: taking.termsOf(request, ofRoute?.index),
      limited: isFellow ? undefined : match?.limited,
    };
  }

  /** Whether limits let it pass; `undefined`: none concerns it. */
  limit({ limited }: Destination, request: LimitedRequest): Ruling | Promise<Ruling> | undefined {
    if (!this.#isLimiting || limited === undefined) return undefined;
    return this.#options.limits!.decide(request, limited);
  }

  /** Whether the cache is asked first. While this process drains another may have its place, and hear of changes that this one does not. */
  mayRead(destination: Destination, request: MaybeCached): destination is CachedDestination {
    return destination.rules !== false && !this.isDraining && isCached(request);
  }

  /** The answer that is under way on this connection is its last. */
  isLast(socket: Socket): boolean {
    return this.#lastAnswered.has(socket);
  }

  onLastAnswer(socket: Socket): void {
    this.#lastAnswered.add(socket);
  }

  readonly onReleased = (upstream: Upstream): void => this.#services.onReleased(upstream);

  onUpgraded(exchange: Exchange, attempt: Attempt, fields: readonly (Buffer | string)[], upstream: Duplex): void {
    this.#tunnels.open(exchange, attempt, fields, upstream);
  }

  onFinished(exchange: Exchange): void {
    this.#exchanges.delete(exchange);
    this.paths.full++;
    this.record(exchange.request, exchange.course);
  }

  /** A request has come to its end: into the figures, and the access log. */
  record(request: LoggedRequest & Pick<Addressed, "isFellow">, course: Course): void {
    // It is counted and logged by the process whose client asked.
    if (request.isFellow) return;
    const { service, status } = course;
    const durationMs = performance.now() - course.startedAt;
    if (service === undefined) this.#unrouted.count(status);
    else {
      service.statuses.count(status);
      // How long a conversation lasted says nothing about how fast answers are.
      if (status !== 101) service.durations.observe(durationMs);
      if (course.cache !== undefined) service.cached[course.cache]++;
      service.bytesIn += course.bytesIn;
      service.bytesOut += course.bytesOut;
    }
    if (this.#snapshot.settings.accessLog)
      this.#options.log?.write(accessLine(request, course, this.#options.now(), durationMs));
  }

  addLane(lane: FastLane): void {
    this.#lanes.add(lane);
  }

  removeLane(lane: FastLane): void {
    this.#lanes.delete(lane);
  }

  /** Answered without an exchange: bytes that were no request. */
  countUnrouted(status: number): void {
    this.#unrouted.count(status);
  }

  inFlight(upstreamId: string): number {
    return this.#services.findUpstream(upstreamId)?.requestsInFlight ?? 0;
  }

  figures(connections: number): GatewayFigures {
    return {
      snapshotVersion: this.#snapshot.version,
      connections,
      active: this.active,
      services: Object.fromEntries([...this.#services].map((service) => [service.name, service.figures()])),
      unrouted: this.#unrouted.figures(),
      paths: this.paths.figures(),
      cache: this.cache?.figures(),
      limits: this.#options.limits?.figures(),
      accessLogDropped: this.#options.log?.dropped ?? 0,
    };
  }

  closeTunnels(): void {
    this.#tunnels.close();
  }

  async stop(): Promise<void> {
    for (const endLooking of this.#looks) endLooking();
    this.closeTunnels();
    this.fetches.stop();
    await runAll(this.#services.close().map((upstream) => () => upstream.destroy()));
  }

  /** After a snapshot: whoever waits for an upstream that hangs or has left is moved; who is drained is said. */
  #settle(): void {
    for (const exchange of this.#exchanges) if (isLost(exchange.attempt?.upstream)) exchange.moveAway();
    for (const lane of this.#lanes) if (isLost(lane.upstream)) lane.moveAway();
    for (const fetch of this.fetches) if (isLost(fetch.upstream)) fetch.moveAway();
    this.#services.settle();
  }

  #checkLanes(lanes: Rounds<FastLane>): void {
    const now = performance.now();
    lanes.visit((lane) => lane.checkDeadline(now));
  }

  #checkDeadlines(): void {
    const now = performance.now();
    for (const exchange of this.#exchanges) exchange.checkDeadline(now);
    for (const fetch of this.fetches) fetch.checkDeadline(now);
    this.#services.look();
  }
}

function isLost(upstream: Upstream | undefined): boolean {
  return upstream !== undefined && (!upstream.healthy || upstream.isGone);
}
