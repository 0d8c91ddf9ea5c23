import { checkPorts, configInvalid, type ExplainedValue, explainConfig, type LoadedConfig } from "../config/index.ts";
import type { LogFilter, LogLine } from "../fleet/index.ts";
import type { GatewayFigures } from "../gateway/index.ts";
import { messageOf, type Runnable, runAll } from "../kernel/index.ts";
import { composeStatus } from "./compose-status.ts";
import { type Directories, directoriesOf } from "./directories.ts";
import { endAll } from "./ending.ts";
import { busy, needsRestart, notReady } from "./errors.ts";
import { EventStream } from "./event-stream.ts";
import { findFreePorts } from "./free-ports.ts";
import { Ledger } from "./ledger.ts";
import { claimProject, releaseProject } from "./leftovers.ts";
import { createProcessRegistry } from "./metric-set.ts";
import type { LimitControl } from "./limit-control.ts";
import { metricsText } from "./metrics.ts";
import { createParts, type Parts } from "./parts.ts";
import type { PurgeReport } from "./purge-everywhere.ts";
import { type PurgeRequest, toPurgeOrders } from "./purge-request.ts";
import { changesOf, checkService, pathsThatNeedRestart } from "./reload.ts";
import { ServicePorts } from "./service-ports.ts";
import { runSetup, setupTask } from "./setup.ts";
import type { EventSource, PlatformEvent, PlatformState, PlatformStatus } from "./status.ts";
import { Takeover } from "./takeover.ts";

export interface PlatformHooks {
  /** Reads the config again. */
  readonly reload: () => Promise<LoadedConfig>;
  /** The control API was asked to end everything: whoever runs the platform carries it out. */
  readonly requestStop: () => void;
}

/** How long requests in flight, and the gateways' clients, may take when everything ends. */
const drainMs = 30_000;

/**
 * The composition root: plugs config, database, fleet and gateways together, and owns the order in which they start and end.
 *
 *   claim → guardian → database → setup → gateways (internal listeners) → services ready → public listener → leftovers ended
 *
 * A platform that was killed leaves gateways, instances and engines behind, which serve on. The next one starts its own beside
 * them, on the same listening sockets, and only then lets the old ones drain: that is why leftovers end last (takeover.ts). Ending is
 * the same way back, and whatever the ledger still names at the end is ended by force.
 */
export class Platform implements Runnable {
  readonly directories: Directories;
  readonly #hooks: PlatformHooks;
  readonly #events = new EventStream<PlatformEvent>();
  readonly #servicePorts = new ServicePorts();
  readonly #processMetrics = createProcessRegistry();
  readonly #startedAt = Date.now();
  #loaded: LoadedConfig;
  /** What instances are given: of the config that is being put into effect, while `#loaded` is the one in effect. */
  #environment: Readonly<Record<string, string>>;
  #parts: Parts | undefined;
  #takeover = new Takeover([]);
  #state: PlatformState = "stopped";
  #isReloading = false;
  /** Aborted when the end begins. */
  readonly #life = new AbortController();
  #stopping: Promise<void> | undefined;

  constructor(loaded: LoadedConfig, hooks: PlatformHooks) {
    this.#loaded = loaded;
    this.#environment = loaded.environment;
    this.#hooks = hooks;
    this.directories = directoriesOf(loaded.config.root);
  }

  /**
   * Takes the project for this process, and makes sure that its ports are free. Nothing else is started.
   *
   * @throws PLATFORM_ALREADY_RUNNING, PLATFORM_STILL_ENDING, CONFIG_INVALID when a port is taken
   */
  async claim(signal?: AbortSignal): Promise<void> {
    if (this.#parts !== undefined) return;
    const { config, file } = this.#loaded;
    await claimProject(config.root, this.directories, signal);
    try {
      const ledger = new Ledger(this.directories.run);
      const takeover = new Takeover(ledger.living());
      const problems = await checkPorts(config, { exceptPids: takeover.entries.map(({ identity }) => identity.pid) });
      if (problems.length > 0) throw configInvalid(file, problems);
      this.#takeover = takeover;
      this.#parts = createParts({
        config,
        directories: this.directories,
        ledger,
        drainMs,
        servicePorts: this.#servicePorts,
        currentConfig: () => this.#loaded.config,
        environment: () => this.#environment,
        emit: (event) => this.#events.emit(event),
      });
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Resolves when everything is ready. What was started when it throws, `stop()` ends. */
  async start(signal?: AbortSignal): Promise<void> {
    await this.claim(signal);
    const { ledger, guardian, database, sharedLimits, gateways, fleet, publisher } = this.#parts!;
    const { config } = this.#loaded;
    this.#state = "starting";
    await guardian.start();
    await this.#takeover.begin();
    await this.#servicePorts.allocate(Object.keys(config.services), this.#takeover.internalPorts);
    await endAll(
      this.#takeover.entries.filter(({ name }) => name === "setup"),
      ledger,
    );
    await database.start(signal);
    await this.#setup(this.#loaded, signal);
    await sharedLimits.start();
    await gateways.start(publisher.compose(), (name) => this.#takeover.predecessors(name));
    await fleet.start(signal);
    const { port } = config.gateway;
    publisher.open(port === 0 ? (this.#takeover.publicPort ?? (await findFreePorts(1))[0]!) : port);
    // The port was free when all began: another process may have taken it since.
    const failure = await publisher.publish();
    signal?.throwIfAborted();
    if (failure !== undefined) throw failure;
    gateways.settle();
    this.#state = "ready";
    this.#emit("platform", "ready", `${config.name} answers at ${publisher.url}`);
    this.#endLeftovers().catch((error: unknown) => {
      this.#emit("platform", "leftovers", `not all that a killed platform left has ended: ${messageOf(error)}`, "warn");
    });
  }

  /** Ends everything, in order; then the project is free, but for the caller's `release()`. Shared by all who ask. */
  async stop(): Promise<void> {
    if (this.#parts !== undefined) this.#stopping ??= this.#stop(this.#parts);
    await this.#stopping;
  }

  async #stop(parts: Parts): Promise<void> {
    this.#state = "stopping";
    this.#life.abort(notReady(this.#state));
    this.#emit("platform", "stopping", "ending gateways, services and engines, in order");
    const { ledger, guardian, database, sharedLimits, gateways, fleet, publisher } = parts;
    try {
      await runAll([
        () => publisher.close(),
        () => publisher.publish(),
        () => gateways.whenIdle(drainMs),
        () => fleet.stop(),
        () => gateways.stop(),
        () => sharedLimits.stop(),
        () => database.stop(),
        () => endAll(ledger.living(), ledger),
        () => guardian.stop(),
      ]);
    } finally {
      this.#parts = undefined;
      this.#state = "stopped";
    }
  }

  /** Ends nothing, waits for nothing: the guardian ends everything, by force where it does not end soon. */
  abandon(): void {
    this.#parts?.guardian.takeOver();
  }

  release(): void {
    releaseProject(this.directories);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.release();
  }

  status(): Promise<PlatformStatus> {
    const sources = { config: this.#loaded.config, state: this.#state, startedAt: this.#startedAt };
    return composeStatus({ ...sources, parts: this.#parts });
  }

  explain(): readonly ExplainedValue[] {
    return explainConfig(this.#loaded);
  }

  /** By gateway, what it has counted since it started; one that does not answer is missing. */
  async gatewayFigures(): Promise<ReadonlyMap<string, GatewayFigures>> {
    return (await this.#parts?.gateways.figures()) ?? new Map();
  }

  async metrics(): Promise<string> {
    return metricsText({ status: await this.status(), gateways: await this.gatewayFigures() }, this.#processMetrics);
  }

  async scale(service: string, instances: number): Promise<void> {
    await this.#ready().fleet.scale(service, instances);
  }

  /**
   * Reads the config again and puts it into effect, then replaces the instances of one service, or of all. A wrong config, or new
   * instances that do not become ready, leave what runs as it is.
   *
   * Services that are new are ready before routes lead to them, and routes have left those that are gone before they drain.
   */
  async reload(service?: string): Promise<void> {
    const { fleet, publisher } = this.#ready();
    if (this.#isReloading) throw busy("another reload");
    this.#isReloading = true;
    const before = this.#loaded;
    try {
      const after = await this.#hooks.reload();
      this.#life.signal.throwIfAborted();
      checkService(service, after.config);
      const fixed = pathsThatNeedRestart(before.config, after.config);
      if (fixed.length > 0) throw needsRestart(fixed);
      const { added, removed, changed } = changesOf(before.config.services, after.config.services);
      await this.#servicePorts.allocate(Object.keys(after.config.services));
      await this.#setup(after, this.#life.signal);
      this.#environment = after.environment;
      await fleet.reconcile([
        ...Object.values(after.config.services),
        ...removed.map((name) => before.config.services[name]!),
      ]);
      this.#loaded = after;
      await publisher.publish();
      await fleet.reconcile(Object.values(after.config.services));
      const isNew = (name: string): boolean => added.includes(name) || changed.includes(name);
      const own = Object.values(after.config.services).filter(({ kind }) => kind === "command");
      const wanted = service === undefined ? own.map(({ name }) => name) : [service];
      for (const name of wanted) if (!isNew(name)) await fleet.reload(name);
    } catch (error) {
      if (this.#loaded === before) {
        this.#environment = before.environment;
        // Ending takes everything back by itself, and what kept the new config out is the news.
        await fleet.reconcile(Object.values(before.config.services)).catch(() => {});
      }
      throw error;
    } finally {
      this.#isReloading = false;
    }
  }

  /** Resolves when no gateway serves any more what is to be purged. @throws CACHE_PURGE_INVALID, CACHE_PURGE_INCOMPLETE */
  async purge(request: PurgeRequest): Promise<PurgeReport> {
    const orders = toPurgeOrders(request);
    return this.#ready().gateways.purge(orders, () => this.#takeover.purgeTargets());
  }

  /** @throws PLATFORM_NOT_READY */
  get limits(): LimitControl {
    return this.#ready().limits;
  }

  requestStop(): void {
    this.#hooks.requestStop();
  }

  /** The last lines that instances have printed, oldest first. @throws FLEET_UNKNOWN_SERVICE */
  logs(filter: LogFilter, lines: number): readonly LogLine[] {
    checkService(filter.service, this.#loaded.config);
    return this.#parts?.fleet.logs(filter, lines) ?? [];
  }

  /** Returns how to unsubscribe. */
  onLog(filter: LogFilter, listener: (line: LogLine) => void): () => void {
    return this.#parts?.fleet.onLog(filter, listener) ?? (() => {});
  }

  /** Returns how to unsubscribe. */
  onEvent(listener: (event: PlatformEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  #ready(): Parts {
    if (this.#state !== "ready" || this.#parts === undefined) throw notReady(this.#state);
    return this.#parts;
  }

  async #setup(loaded: LoadedConfig, signal?: AbortSignal): Promise<void> {
    const { ledger, database } = this.#parts!;
    const task = setupTask(loaded, database.urls);
    if (task === undefined) return;
    this.#emit("setup", "started", `running the setup: ${task.command.join(" ")}`);
    await runSetup(task, ledger, signal);
  }

  /** Those of an earlier platform that are not needed any more: engines may have been taken over. */
  async #endLeftovers(): Promise<void> {
    const { ledger, database } = this.#parts!;
    const status = await database.status();
    const inUse = status.kind === "embedded" ? status.nodes.map(({ pid }) => pid) : [];
    const ended = await this.#takeover.end(ledger, inUse);
    if (ended.length === 0) return;
    this.#emit("platform", "taken-over", `took over from a platform that was killed: ended ${ended.join(", ")}`);
  }

  #emit(source: EventSource, type: string, message: string, level: PlatformEvent["level"] = "info"): void {
    this.#events.emit({ at: Date.now(), source, type, message, level });
  }
}
