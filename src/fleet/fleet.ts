import { isDeepStrictEqual } from "node:util";
import type { ResolvedService } from "../config/index.ts";
import { nearest, type Runnable, systemClock } from "../kernel/index.ts";
import { ManagedService } from "./managed-service.ts";
import { fleetNotRunning, fleetStopping, notStartedHere, unknownService } from "./errors.ts";
import type { FleetEvent } from "./event.ts";
import type { InstanceDeps } from "./instance.ts";
import { InstanceChannel } from "./instance-channel.ts";
import { noLedger } from "./ledger.ts";
import type { LogFilter, LogLine } from "./logs/log-line.ts";
import { LogStore } from "./logs/log-store.ts";
import { fleetDefaults, type FleetDeps, type FleetOptions } from "./options.ts";
import { Ports } from "./ports.ts";
import { noRotation } from "./rotation.ts";
import type { ServiceStatus } from "./status.ts";
import type { FleetUpstream } from "./upstream.ts";
import { StaticFiles } from "./static-files.ts";
import { WatchedService } from "./watched-service.ts";

type AnyService = ManagedService | WatchedService | StaticFiles;

/**
 * Runs the services as child processes: starts them, watches them, replaces what crashes or hangs, and ends them in order.
 *
 * @example
 * const fleet = new Fleet({ services, logDirectory, controlSocket }, { environment: () => process.env });
 * await fleet.start();
 * await fleet.scale("api", 4);
 * await fleet.stop();
 */
export class Fleet implements Runnable {
  readonly #deps: InstanceDeps;
  readonly #logs: LogStore;
  readonly #channel: InstanceChannel;
  readonly #changeListeners = new Set<() => void>();
  readonly #eventListeners = new Set<(event: FleetEvent) => void>();
  #specs: readonly ResolvedService[];
  readonly #services = new Map<string, AnyService>();
  /** Those that are being ended because the config no longer has them. */
  readonly #leaving = new Set<AnyService>();
  #life = new AbortController();
  #isRunning = false;
  #stopping: Promise<void> | undefined;
  #isChangeTold = true;
  #reconciling: Promise<unknown> = Promise.resolve();

  constructor(options: FleetOptions, deps: FleetDeps) {
    const clock = deps.clock ?? systemClock;
    const tuning = { ...fleetDefaults, ...options.tuning };
    this.#specs = options.services;
    this.#logs = new LogStore(options.logDirectory, tuning.logs, clock);
    this.#channel = new InstanceChannel(options.controlSocket, (instance, pid) => this.#find(instance)?.admit(pid));
    this.#deps = {
      environment: (service, instance) => deps.environment(service, instance),
      controlSocket: options.controlSocket,
      ledger: deps.ledger ?? noLedger,
      rotation: deps.rotation ?? noRotation,
      random: deps.random ?? Math.random,
      ports: new Ports(),
      logs: this.#logs,
      clock,
      tuning,
      changed: () => this.#tellChange(),
      emit: (event) => {
        const complete: FleetEvent = { level: "info", ...event, at: clock.now() };
        for (const listener of this.#eventListeners) listener(complete);
      },
    };
  }

  /**
   * Resolves when every service has its minimum ready. When one fails, everything is stopped and the error of that one, with the last
   * lines of its log, is thrown.
   */
  async start(signal?: AbortSignal): Promise<void> {
    await this.#stopping;
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#life = new AbortController();
    const aborted = signal === undefined ? this.#life.signal : AbortSignal.any([this.#life.signal, signal]);
    try {
      aborted.throwIfAborted();
      this.#logs.start();
      await this.#channel.start();
      for (const spec of this.#specs) this.#services.set(spec.name, this.#create(spec));
      await Promise.all([...this.#services.values()].map((service) => service.start(aborted)));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Drains all services at the same time. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop().finally(() => (this.#stopping = undefined));
    return this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Resolves when so many instances are ready, and no more are left. @throws FLEET_SCALE_OUT_OF_RANGE; what kept one from starting */
  async scale(service: string, count: number, signal?: AbortSignal): Promise<void> {
    const named = this.#named(service);
    if (!(named instanceof ManagedService)) throw notStartedHere(service, named.spec.kind);
    await named.scale(count, signal);
  }

  /** Replaces the instances of one service, or of all: new ones are ready before old ones drain. Of `urls` and `static` there is nothing to replace. */
  async reload(service?: string, signal?: AbortSignal): Promise<void> {
    const named = service === undefined ? [...this.#services.values()] : [this.#named(service)];
    const managed = named.filter((each) => each instanceof ManagedService);
    await allThenThrow(managed.map((each) => each.reload(signal)));
  }

  /** Takes a new config: starts services that were added, ends those that are gone, rolls those that would be started differently. */
  async reconcile(specs: readonly ResolvedService[], signal?: AbortSignal): Promise<void> {
    if (!this.#isRunning) throw fleetNotRunning();
    const turn = this.#reconciling.then(() => this.#reconcile(specs, signal));
    this.#reconciling = turn.catch(() => {});
    await turn;
  }

  status(): ServiceStatus[] {
    return [...this.#services.values()].map((service) => service.status());
  }

  upstreams(): Record<string, FleetUpstream[]> {
    return Object.fromEntries([...this.#services].map(([name, service]) => [name, service.upstreams()]));
  }

  /** Told once a turn when `upstreams()` or `status()` may have changed. Returns how to unsubscribe. */
  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  onEvent(listener: (event: FleetEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /** The last lines of what instances have printed, oldest first. */
  logs(filter: LogFilter, lines: number): LogLine[] {
    return this.#logs.lines(filter, lines);
  }

  /** New lines as they come. Returns how to unsubscribe. */
  onLog(filter: LogFilter, listener: (line: LogLine) => void): () => void {
    return this.#logs.onLine(filter, listener);
  }

  async #stop(): Promise<void> {
    const reason = fleetStopping();
    this.#life.abort(reason);
    await Promise.all([...this.#services.values(), ...this.#leaving].map((service) => service.stop(reason)));
    await this.#reconciling;
    this.#services.clear();
    await this.#channel.stop();
    await this.#logs.stop();
    this.#isRunning = false;
  }

  async #reconcile(specs: readonly ResolvedService[], caller?: AbortSignal): Promise<void> {
    const signal = caller === undefined ? this.#life.signal : AbortSignal.any([this.#life.signal, caller]);
    signal.throwIfAborted();
    const wanted = new Set(specs.map(({ name }) => name));
    const gone = [...this.#services].filter(([name]) => !wanted.has(name));
    await allThenThrow([
      ...specs.map((spec) => this.#take(spec, signal)),
      ...gone.map(([name, service]) => this.#retire(name, service)),
    ]);
    this.#specs = specs;
  }

  async #take(spec: ResolvedService, signal: AbortSignal): Promise<void> {
    const present = this.#services.get(spec.name);
    if (present !== undefined && isDeepStrictEqual(present.spec, spec)) return;
    if (present instanceof ManagedService && spec.kind === "command") return present.update(spec, signal);
    if (present !== undefined) await this.#retire(spec.name, present);
    const added = this.#create(spec);
    this.#services.set(spec.name, added);
    try {
      await added.start(signal);
    } catch (error) {
      await this.#retire(spec.name, added);
      throw error;
    }
  }

  async #retire(name: string, service: AnyService): Promise<void> {
    this.#leaving.add(service);
    await service.stop(fleetStopping());
    this.#leaving.delete(service);
    if (this.#services.get(name) === service) this.#services.delete(name);
    this.#tellChange();
  }

  #create(spec: ResolvedService): AnyService {
    switch (spec.kind) {
      case "command":
        return new ManagedService(spec, this.#deps);
      case "urls":
        return new WatchedService(spec, this.#deps);
      case "static":
        return new StaticFiles(spec);
    }
  }

  #named(name: string): AnyService {
    if (!this.#isRunning) throw fleetNotRunning();
    const service = this.#services.get(name);
    const names = [...this.#services.keys()];
    if (service === undefined) throw unknownService(name, names, nearest(name, names));
    return service;
  }

  #find(instance: string) {
    for (const service of this.#services.values()) {
      const found = service instanceof ManagedService ? service.find(instance) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #tellChange(): void {
    if (!this.#isChangeTold) return;
    this.#isChangeTold = false;
    setImmediate(() => {
      this.#isChangeTold = true;
      for (const listener of this.#changeListeners) listener();
    });
  }
}

/** Waits for all, also when one fails: the others are not left behind unwatched. Then throws the first failure. */
async function allThenThrow(promises: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(promises)).find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
