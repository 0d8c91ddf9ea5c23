import { poll, runAll, systemClock, type Clock } from "../kernel/index.ts";
import { AccessLog } from "./access-log.ts";
import type { HttpCache, PurgeOrder, PurgeOutcome } from "./cache-port.ts";
import { FellowDoor } from "./peers/fellow-door.ts";
import { type PeerPaths, Peers } from "./peers/peers.ts";
import { DataPlane } from "./data-plane.ts";
import { gatewayNotRunning } from "./errors.ts";
import type { GatewayFigures } from "./figures.ts";
import type { InheritedSockets } from "./inherited-sockets.ts";
import type { OpenSocket } from "./launch.ts";
import type { RequestLimits } from "./limits-port.ts";
import { Listener } from "./listener.ts";
import type { CreateConcurrencyPolicy } from "./overload/concurrency-policy.ts";
import type { ListenerSnapshot, Snapshot } from "./snapshot.ts";

export interface GatewayOptions {
  /** Where the access log goes when the snapshot wants one. */
  readonly accessLogPath?: string;
  /** Other gateway processes may listen on the same ports. */
  readonly reusePort?: boolean;
  /** Listening sockets that are open already. Addresses that are not among them are bound. */
  readonly inherited?: InheritedSockets;
  /** Without it, nothing is cached. */
  readonly cache?: HttpCache;
  /** Without it, nothing is limited. */
  readonly limits?: RequestLimits;
  /** Without it, services whose concurrency is adaptive have no bound. */
  readonly createConcurrencyPolicy?: CreateConcurrencyPolicy;
  /** The gateway processes of this machine that share what they cache; not given: this is the only one. */
  readonly peers?: PeerPaths;
  readonly onDrained?: (upstreamId: string, version: number) => void;
  readonly clock?: Clock;
  readonly random?: () => number;
}

export interface GatewayAddress {
  readonly host: string;
  readonly port: number;
  /** Of an internal listener. */
  readonly service?: string;
}

/** How long idle connections may still bring a request after a drain began, at most. */
const lastRequestMs = 1_000;

/** The data plane in this process: listens, forwards, and serves on from the last snapshot whatever becomes of the platform. */
export class Gateway implements AsyncDisposable {
  readonly #options: GatewayOptions;
  readonly #clock: Clock;
  #plane: DataPlane | undefined;
  #log: AccessLog | undefined;
  #peers: Peers | undefined;
  #fellows: FellowDoor | undefined;
  #listeners: Listener[] = [];
  /** Given up by a later snapshot; what is under way there ends in its own time. */
  #retired: Listener[] = [];
  #drain: Promise<void> | undefined;

  constructor(options: GatewayOptions = {}) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** @throws GATEWAY_PORT_IN_USE, GATEWAY_LISTEN_FAILED; then nothing listens */
  async start(snapshot: Snapshot): Promise<void> {
    const { accessLogPath, onDrained, random = Math.random } = this.#options;
    if (accessLogPath !== undefined) this.#log = new AccessLog({ path: accessLogPath });
    const { peers, cache, limits, createConcurrencyPolicy } = this.#options;
    const circumstances = { now: () => this.#clock.now(), random };
    this.#peers = peers === undefined ? undefined : new Peers(peers, circumstances);
    this.#plane = new DataPlane(snapshot, {
      ...circumstances,
      ...(createConcurrencyPolicy === undefined ? {} : { createConcurrencyPolicy }),
      log: this.#log,
      cache,
      limits,
      peers: this.#peers,
      onDrained: (upstreamId, version) => onDrained?.(upstreamId, version),
    });
    try {
      if (peers !== undefined) await this.#openToFellows(peers, snapshot);
      for (const listener of snapshot.listeners) await this.#listen(listener, snapshot);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Swaps the snapshot whole. Requests under way keep to their upstreams, unless those hang or have left. */
  async apply(snapshot: Snapshot): Promise<void> {
    if (this.#plane === undefined) throw gatewayNotRunning();
    this.#plane.apply(snapshot);
    if (this.#drain !== undefined) return; // It listens nowhere any more, but must know whom it may send to.
    const kept = this.#listeners.filter((listener) =>
      snapshot.listeners.some((each) => isSame(listener.snapshot, each)),
    );
    for (const listener of this.#listeners) {
      if (kept.includes(listener)) listener.applySettings(snapshot.settings);
      else this.#retire(listener);
    }
    this.#listeners = kept;
    for (const listener of snapshot.listeners) {
      if (!kept.some((each) => isSame(each.snapshot, listener))) await this.#listen(listener, snapshot);
    }
  }

  addresses(): GatewayAddress[] {
    return this.#listeners.map(({ address, snapshot: { service } }) => ({
      ...address,
      ...(service === undefined ? {} : { service }),
    }));
  }

  /** The listening sockets, for a successor; those too that this one has inherited and not yet used. */
  sockets(): OpenSocket[] {
    const own = this.#listeners.map(({ address: { port }, fd, snapshot: { host } }) => ({ host, port, fd }));
    return [...own, ...(this.#options.inherited?.unused ?? [])];
  }

  get isRunning(): boolean {
    return this.#plane !== undefined;
  }

  figures(): GatewayFigures {
    if (this.#plane === undefined) throw gatewayNotRunning();
    return this.#plane.figures(
      [...this.#listeners, ...this.#retired].reduce((sum, listener) => sum + listener.connections, 0),
    );
  }

  /** From now on nothing that the order means is served from the cache. */
  purge(order: PurgeOrder): PurgeOutcome {
    return this.#options.cache?.purge(order) ?? { answers: 0 };
  }

  /** Requests that hold this upstream; upgraded connections do not count. */
  inFlight(upstreamId: string): number {
    return this.#plane?.inFlight(upstreamId) ?? 0;
  }

  /**
   * Accepts no more connections, answers what is in flight and the last requests of open connections, then closes
   * everything; upgraded connections, and what is not finished by then, when `graceMs` are over.
   */
  async drain(graceMs: number): Promise<void> {
    this.#drain ??= this.#drainOnce(graceMs);
    await this.#drain;
  }

  async #drainOnce(graceMs: number): Promise<void> {
    const plane = this.#plane;
    if (plane === undefined) return;
    plane.isDraining = true;
    const ofFellows = this.#fellows === undefined ? [] : [this.#fellows.listener];
    for (const listener of [...this.#listeners, ...ofFellows]) listener.stopAccepting();
    const lastRequestsUntil = this.#clock.monotonic() + Math.min(lastRequestMs, graceMs / 4);
    const isQuiet = (): true | undefined => {
      const listeners = [...this.#listeners, ...this.#retired];
      // A fellow whose request is lost has the service to ask.
      for (const listener of ofFellows) listener.closeIdle();
      if ([...listeners, ...ofFellows].every((listener) => listener.connections === 0)) return true;
      if (this.#clock.monotonic() >= lastRequestsUntil) for (const listener of listeners) listener.closeIdle();
      return undefined;
    };
    const noted = new Error("the grace period is over");
    await poll(isQuiet, { everyMs: 20, deadlineMs: graceMs, onTimeout: () => noted }).catch((error: unknown) => {
      if (error !== noted) throw error;
    });
    await this.stop();
  }

  /** At once: connections are cut. */
  async stop(): Promise<void> {
    const plane = this.#plane;
    this.#plane = undefined;
    const listeners = [...this.#listeners, ...this.#retired];
    this.#listeners = [];
    this.#retired = [];
    await runAll([
      ...listeners.map((listener) => () => listener.closeAll()),
      () => this.#fellows?.close(),
      () => plane?.stop(),
      () => this.#peers?.stop(),
      () => this.#options.limits?.stop(),
      () => this.#log?.flush(),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #openToFellows({ paths, self }: PeerPaths, { settings }: Snapshot): Promise<void> {
    const purge = (order: PurgeOrder): unknown => this.#options.cache?.purge(order);
    this.#fellows = new FellowDoor({ path: paths[self]!, settings, plane: this.#plane!, purge });
    await this.#fellows.open();
    const fellows = this.#fellows;
    this.#peers!.isSucceeded = () => fellows.isSucceeded;
  }

  #retire(listener: Listener): void {
    listener.stopAccepting();
    listener.closeIdle();
    this.#retired = [...this.#retired.filter(({ connections }) => connections > 0), listener];
  }

  async #listen(listener: ListenerSnapshot, snapshot: Snapshot): Promise<void> {
    const created = new Listener(listener, snapshot.settings, this.#plane!);
    await created.listen(this.#options.reusePort === true, this.#options.inherited?.take(listener));
    this.#listeners.push(created);
  }
}

function isSame(a: ListenerSnapshot, b: ListenerSnapshot): boolean {
  return a.host === b.host && a.port === b.port && a.service === b.service;
}
