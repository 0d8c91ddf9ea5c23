import { isDeepStrictEqual } from "node:util";
import type { CommandService } from "../config/index.ts";
import { backoffMs } from "../kernel/index.ts";
import { fleetStopping, scaleOutOfRange } from "./errors.ts";
import { Instance, type InstanceDeps } from "./instance.ts";
import { OperationQueue } from "./operation-queue.ts";
import { chooseReplaced } from "./replacement.ts";
import { type ReloadSteps, rollingReload } from "./rolling-reload.ts";
import { chooseLeaving } from "./scale-down.ts";
import type { Service } from "./service.ts";
import type { ServiceStatus } from "./status.ts";
import type { FleetUpstream } from "./upstream.ts";

/**
 * A service that Tenfold runs: how many instances there should be, and those there are. What changes their number or replaces them goes
 * through one queue, so that it always meets a settled service.
 */
export class ManagedService implements Service {
  readonly #deps: InstanceDeps;
  readonly #queue: OperationQueue;
  readonly #stopping = new AbortController();
  #spec: CommandService;
  #desired: number;
  /** All that exist, those that drain included. */
  #instances: readonly Instance[] = [];
  #created = 0;
  /** Names of those that a reload replaces: given again only when it is over. */
  #replacedIds: ReadonlySet<string> = new Set();
  #isReplacing = false;
  /** Aborted when something has changed: what was waited for may no longer be so. */
  #changed = new AbortController();

  constructor(spec: CommandService, deps: InstanceDeps) {
    this.#spec = spec;
    this.#desired = spec.scale.min;
    this.#queue = new OperationQueue(spec.name);
    this.#deps = {
      ...deps,
      changed: () => {
        deps.changed();
        void this.#replaceUnhealthy();
      },
    };
  }

  get name(): string {
    return this.#spec.name;
  }

  get spec(): CommandService {
    return this.#spec;
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#queue.run((aborted) => this.#grow(this.#desired, aborted), signal);
  }

  /** Aborts what is being done, then ends all instances at once. */
  async stop(reason: Error = fleetStopping()): Promise<void> {
    this.#stopping.abort(reason);
    const aborted = this.#queue.stop(reason);
    await Promise.all(this.#instances.map((each) => this.#remove(each)));
    await aborted;
  }

  /** Resolves when the new ones are ready, or the others have ended. All or nothing: when one does not become ready, none is added. */
  async scale(count: number, signal?: AbortSignal): Promise<void> {
    const { leaving } = await this.#queue.run((aborted) => this.#scale(count, aborted), signal);
    await leaving; // Not within the queue: who drains for half a minute must not keep others from growing.
  }

  /** Replaces every instance: see rolling-reload.ts. */
  async reload(signal?: AbortSignal): Promise<void> {
    await this.#queue.run((aborted) => this.#roll(this.#spec, aborted), signal);
  }

  /**
   * Takes a changed config: rolls when the processes would be started differently, else changes what runs. When that fails, instances that
   * already have the new config are replaced by ones of the old, which is known to run.
   */
  async update(spec: CommandService, signal?: AbortSignal): Promise<void> {
    const { leaving } = await this.#queue.run(async (aborted) => {
      if (!isLaunchedAlike(spec, this.#spec)) await this.#rollOrReturn(spec, aborted);
      for (const instance of this.#instances) instance.adopt(spec);
      this.#spec = spec;
      const { min, max } = spec.scale;
      return this.#scale(Math.min(max, Math.max(min, this.#desired)), aborted);
    }, signal);
    await leaving;
  }

  find(instance: string): Instance | undefined {
    return this.#instances.find(({ id }) => id === instance);
  }

  status(): ServiceStatus {
    const instances = this.#instances.map((each) => each.status());
    return { name: this.name, kind: "command", desired: this.#desired, ...this.#spec.scale, instances };
  }

  upstreams(): FleetUpstream[] {
    return this.#instances.flatMap((each) => each.upstream() ?? []);
  }

  get #members(): readonly Instance[] {
    return this.#instances.filter((each) => !each.isEnding);
  }

  async #scale(count: number, signal: AbortSignal): Promise<{ leaving: Promise<unknown> }> {
    const { min, max } = this.#spec.scale;
    if (!Number.isInteger(count) || count < min || count > max) throw scaleOutOfRange(this.name, count, min, max);
    const before = this.#desired;
    if (count === before) return { leaving: Promise.resolve() };
    this.#desired = count;
    try {
      if (count > before) await this.#grow(count - before, signal);
    } catch (error) {
      this.#desired = before;
      throw error;
    }
    this.#deps.emit({ service: this.name, type: "scaled", message: `${this.name} scales from ${before} to ${count}` });
    const leaving = chooseLeaving(this.#members, Math.max(0, before - count)).map((each) => this.#remove(each));
    return { leaving: Promise.all(leaving) };
  }

  async #grow(count: number, signal: AbortSignal): Promise<void> {
    const added = Array.from({ length: count }, () => this.#add(this.#spec));
    try {
      await Promise.all(added.map((each) => each.whenReady(signal)));
    } catch (error) {
      await Promise.all(added.map((each) => this.#remove(each)));
      throw error;
    }
  }

  async #roll(spec: CommandService, signal: AbortSignal): Promise<void> {
    const old = this.#members;
    this.#replacedIds = new Set(old.map(({ id }) => id));
    try {
      await rollingReload(old, this.#steps(spec), signal);
    } finally {
      this.#replacedIds = new Set();
    }
    this.#deps.emit({ service: this.name, type: "reloaded", message: `${this.name} was reloaded` });
  }

  async #rollOrReturn(spec: CommandService, signal: AbortSignal): Promise<void> {
    try {
      await this.#roll(spec, signal);
    } catch (error) {
      const changed = this.#members.filter(({ service }) => !isLaunchedAlike(service, this.#spec));
      await rollingReload(changed, this.#steps(this.#spec), this.#stopping.signal).catch(() => {});
      throw error;
    }
  }

  #steps(spec: CommandService): ReloadSteps<Instance> {
    return {
      create: () => this.#add(spec),
      whenReady: (instance, aborted) => instance.whenReady(aborted),
      end: (instance) => this.#remove(instance),
    };
  }

  #add(spec: CommandService): Instance {
    const instance = new Instance(this.#freeId(), this.#created++, spec, this.#deps);
    this.#instances = [...this.#instances, instance];
    instance.start();
    return instance;
  }

  async #remove(instance: Instance): Promise<void> {
    await instance.end();
    this.#instances = this.#instances.filter((each) => each !== instance);
    this.#deps.changed();
  }

  /**
   * The lowest free number. Two that live at the same time never share a name and a log, nor do the old and the new of a reload; and
   * over the months there are not more than twice as many names, log files and metric series as there were ever instances at once.
   */
  #freeId(): string {
    for (let number = 1; ; number++) {
      const id = `${this.name}-${number}`;
      if (this.find(id) === undefined && !this.#replacedIds.has(id)) return id;
    }
  }

  /** Replaces unhealthy instances one after the other, as long as that may help: see replacement.ts. */
  async #replaceUnhealthy(): Promise<void> {
    this.#changed.abort();
    if (this.#isReplacing) return;
    this.#isReplacing = true;
    try {
      for (let failures = 0; !this.#stopping.signal.aborted;) {
        const choice = chooseReplaced(this.#members, this.#deps.clock.now(), this.#settleMs);
        if (choice === undefined) return;
        if (choice.waitMs > 0) await this.#pause(choice.waitMs, true);
        else if (await this.#replace(choice.replaced)) failures = 0;
        else await this.#pause(backoffMs(++failures, this.#deps.tuning.replacement, this.#deps.random), false);
      }
    } finally {
      this.#isReplacing = false;
    }
  }

  /** How long it may take until instances that fall ill, or recover, together are all known to have. */
  get #settleMs(): number {
    const { health } = this.#spec;
    return health === false ? 0 : Math.max(health.failures, health.successes) * health.intervalMs + health.timeoutMs;
  }

  async #pause(ms: number, endsOnChange: boolean): Promise<void> {
    this.#changed = new AbortController();
    const { signal } = this.#stopping;
    const ending = endsOnChange ? AbortSignal.any([signal, this.#changed.signal]) : signal;
    await this.#deps.clock.sleep(ms, ending).catch(() => {});
  }

  async #replace(unhealthy: Instance): Promise<boolean> {
    const { emit } = this.#deps;
    try {
      await this.#queue.run(async (signal) => {
        if (unhealthy.isEnding || !unhealthy.isReady || unhealthy.isHealthy) return;
        const replacement = this.#add(this.#spec);
        const message = `${replacement.id} will replace ${unhealthy.id}, which is unhealthy`;
        emit({ service: this.name, instance: unhealthy.id, type: "replacing", message, level: "warn" });
        try {
          await replacement.whenReady(signal);
        } catch (error) {
          await this.#remove(replacement);
          throw error;
        }
        void this.#remove(unhealthy); // A hung one takes its whole drain: others need not wait for that.
      });
      return true;
    } catch {
      const message = `${unhealthy.id} could not be replaced; this is tried again`;
      if (!this.#stopping.signal.aborted) {
        emit({ service: this.name, instance: unhealthy.id, type: "not-replaced", message, level: "error" });
      }
      return false;
    }
  }
}

/** Where all that a process is started with is equal, a running one need not be replaced. */
function isLaunchedAlike(a: CommandService, b: CommandService): boolean {
  const launch = ({ command, cwd, env, preload }: CommandService) => ({ command, cwd, env, preload });
  return isDeepStrictEqual(launch(a), launch(b));
}
