import { closeSync, lstatSync } from "node:fs";
import { dirname } from "node:path";
import type { CommandService, ResolvedHealth } from "../config/index.ts";
import { type Clock, programBeside, withDeadline } from "../kernel/index.ts";
import { type HealthVerdict, HealthWatch } from "./health-watch.ts";
import type { Report } from "./instance-channel.ts";
import type { ProcessFigures } from "./instance/protocol.ts";
import { planLaunch } from "./launch-plan.ts";
import type { ProcessLedger } from "./ledger.ts";
import type { LogStore } from "./logs/log-store.ts";
import type { Ports } from "./ports.ts";
import { groupOf } from "./process-group.ts";
import { untilReady } from "./readiness.ts";
import type { Rotation } from "./rotation.ts";
import { RunningProcess } from "./running-process.ts";
import type { FleetUpstream } from "./upstream.ts";

/** For one attempt to connect, where the service has no health check that says. */
const probeTimeoutMs = 2_000;

const preload = programBeside(import.meta.filename, "instance/preload");

/** What all instances of a fleet share. */
export interface RunDeps {
  readonly environment: (service: string, instance: string) => Readonly<Record<string, string>>;
  readonly controlSocket: string;
  readonly ledger: ProcessLedger;
  readonly logs: LogStore;
  readonly ports: Ports;
  readonly clock: Clock;
}

export type Readiness = "ready" | "gone" | { readonly reason: string };

/** One process of an instance, with its port and what it reports; an instance that crashes gets another. */
export class InstanceRun {
  readonly port: number;
  readonly process: RunningProcess;
  readonly #deps: RunDeps;
  /** Servers on `port` by whoever reported them. */
  readonly #sockets = new Map<Report, string>();
  #figures: ProcessFigures | undefined;
  #health: HealthWatch | undefined;
  #readyAt = 0;
  #isInRotation = false;
  #ended: Promise<{ killed: boolean }> | undefined;

  private constructor(port: number, process: RunningProcess, deps: RunDeps) {
    this.port = port;
    this.process = process;
    this.#deps = deps;
  }

  /** @throws when the program cannot be started, or when the signal came first */
  static async launch(id: string, service: CommandService, deps: RunDeps, signal: AbortSignal): Promise<InstanceRun> {
    const { controlSocket } = deps;
    const port = await deps.ports.allocate();
    let log: number | undefined;
    try {
      signal.throwIfAborted();
      const environment = deps.environment(service.name, id);
      const plan = planLaunch({
        service,
        instance: id,
        port,
        controlSocket,
        preload,
        node: process.execPath,
        environment,
      });
      log = deps.logs.open(service.name, id);
      const running = await RunningProcess.launch(service.name, plan, log, {
        clock: deps.clock,
        onStarted: (identity) => {
          const stop = { signal: "SIGTERM", graceMs: service.drainMs, group: true } as const;
          return deps.ledger.add({ kind: "instance", name: id, identity, stop });
        },
      });
      return new InstanceRun(port, running, deps);
    } catch (error) {
      deps.ports.release(port);
      throw error;
    } finally {
      if (log !== undefined) closeSync(log);
    }
  }

  /** The verdict of the health checks; `undefined` until it is ready. */
  get verdict(): HealthVerdict | undefined {
    return this.#health?.verdict;
  }

  get figures(): ProcessFigures | undefined {
    return this.#figures;
  }

  /** `undefined` when no gateway may know of it. */
  upstream(id: string, state: FleetUpstream["state"]): FleetUpstream | undefined {
    if (!this.#isInRotation || this.process.hasExited) return undefined;
    // Several processes that share the port, as those of a cluster do, are reached by the port, which divides among them.
    const [socketPath, ...others] = this.#sockets.values();
    return {
      id,
      origin: this.#origin,
      ...(socketPath === undefined || others.length > 0 ? {} : { socketPath }),
      weight: 1,
      state,
      healthy: this.#health?.verdict.healthy !== false,
      readyAt: this.#readyAt,
    };
  }

  /** Waits until it answers as its health check asks. `"gone"`: it ended, or the signal came; else why it was not ready in time. */
  async awaitReady(health: ResolvedHealth | false, timeoutMs: number, signal: AbortSignal): Promise<Readiness> {
    const path = health === false ? undefined : health.path;
    const target = { origin: this.#origin, ...(path === undefined ? {} : { path }) };
    const over = new AbortController();
    const options = {
      timeoutMs,
      probeTimeoutMs: health === false ? probeTimeoutMs : health.timeoutMs,
      signal: AbortSignal.any([over.signal, signal]),
    };
    const result = await Promise.race([untilReady(target, options, this.#deps.clock), this.process.exited]);
    over.abort();
    if (!("ok" in result) || this.process.hasExited || signal.aborted) return "gone";
    return result.ok ? "ready" : { reason: result.reason };
  }

  /** It is ready: gateways may send to it, and it is watched. */
  serve(settings: () => ResolvedHealth | false, onVerdict: (verdict: HealthVerdict) => void): void {
    const { clock } = this.#deps;
    this.#readyAt = clock.now();
    this.#isInRotation = true;
    this.#health = new HealthWatch(this.#origin, settings, { clock, onChange: onVerdict });
    this.#health.start();
  }

  /** Resolves when gateways have let go of it. One that does not must not keep it alive; what has ended has nothing to finish. */
  async leave(rotation: Rotation, id: string, deadlineMs: number): Promise<void> {
    this.#health?.stop();
    const leaving = withDeadline(rotation.leave(id, deadlineMs), deadlineMs + 1_000, () => new Error("too late"));
    await Promise.race([leaving.catch(() => {}), this.process.exited]);
    this.#isInRotation = false;
  }

  /**
   * Takes what a process says, if it belongs to this run. Traffic is sent where it says it listens, so that must be a socket beside our own, in
   * the folder that is private to the user.
   */
  admit(pid: number, onChange: () => void): Report | undefined {
    if (groupOf(pid) !== this.process.pid) return undefined;
    const report: Report = (message) => {
      if (message.type === "figures") {
        this.#figures = message.figures;
        return;
      }
      if (message.type === "closed") this.#sockets.delete(report);
      else if (message.port === this.port && this.#isPrivateSocket(message.socketPath)) {
        this.#sockets.set(report, message.socketPath);
      }
      onChange();
    };
    return report;
  }

  /** Ends the process and all it has started: see {@link RunningProcess.end}. */
  end(graceMs: number): Promise<{ killed: boolean }> {
    this.#ended ??= this.#end(graceMs);
    return this.#ended;
  }

  get #origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async #end(graceMs: number): Promise<{ killed: boolean }> {
    this.#health?.stop();
    const ended = await this.process.end(graceMs);
    this.#deps.ports.release(this.port);
    try {
      await this.#deps.ledger.remove(this.process.pid);
    } catch {
      // An entry that stays names a process that is gone: whoever reads it will see that.
    }
    return ended;
  }

  #isPrivateSocket(path: string): boolean {
    if (dirname(path) !== dirname(this.#deps.controlSocket)) return false;
    return lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true;
  }
}
