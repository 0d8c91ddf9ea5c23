import type { CommandService } from "../config/index.ts";
import { messageOf } from "../kernel/index.ts";
import { abortable } from "./abortable.ts";
import { type CrashHistory, judgeCrashes, rememberCrash } from "./crash-loop.ts";
import { crashLooped, endedBeforeReady, startTimedOut } from "./errors.ts";
import type { EmitEvent, FleetEvent, FleetEventType } from "./event.ts";
import type { HealthVerdict } from "./health-watch.ts";
import type { Report } from "./instance-channel.ts";
import { InstanceRun, type RunDeps } from "./instance-run.ts";
import { type InstanceEvent, type InstanceState, transition } from "./instance-state.ts";
import type { FleetTuning } from "./options.ts";
import type { Rotation } from "./rotation.ts";
import type { InstanceStatus, LastExit } from "./status.ts";
import type { FleetUpstream } from "./upstream.ts";

export interface InstanceDeps extends RunDeps {
  readonly rotation: Rotation;
  readonly tuning: FleetTuning;
  readonly random: () => number;
  readonly emit: EmitEvent;
  /** Something changed that gateways or people see. */
  readonly changed: () => void;
}

/** Of the drain, so much is kept for the process itself: it may need a moment after its last request. */
const maxReserveMs = 2_000;
const errorLines = 20;

/** How a run came to its end. */
interface Outcome {
  readonly how: string;
  /** 0: it never was ready. */
  readonly readyMs: number;
  /** Why it could not be started or did not become ready; missing when it ended by itself. */
  readonly error?: Error;
}

/**
 * One instance: a name under which processes run, one after the other, until it is ended. The states are those of instance-state.ts; this
 * is the shell around them.
 *
 * The end has an order (design: out of rotation → SIGTERM → drain → SIGKILL), and one budget, the service's `drain`, for all of it.
 */
export class Instance {
  readonly id: string;
  /** The place in the order of creation. */
  readonly age: number;
  #service: CommandService;
  readonly #deps: InstanceDeps;
  readonly #ending = new AbortController();
  readonly #firstReady = Promise.withResolvers<void>();
  #state: InstanceState = "starting";
  #since: number;
  #run: InstanceRun | undefined;
  #hasBeenReady = false;
  #restarts = 0;
  #crashes: CrashHistory = [];
  #lastExit: LastExit | undefined;
  #failure: Error | undefined;
  #living: Promise<void> = Promise.resolve();
  #ended: Promise<void> | undefined;

  constructor(id: string, age: number, service: CommandService, deps: InstanceDeps) {
    this.id = id;
    this.age = age;
    this.#service = service;
    this.#deps = deps;
    this.#since = deps.clock.now();
    this.#firstReady.promise.catch(() => {}); // Somebody may wait, or nobody.
  }

  start(): void {
    this.#living = this.#live();
  }

  /** Rejects when it has failed, was ended, or the signal came first. Ready once, it stays so for this promise. */
  whenReady(signal: AbortSignal): Promise<void> {
    return abortable(this.#firstReady.promise, signal);
  }

  get service(): CommandService {
    return this.#service;
  }

  get isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  get isReady(): boolean {
    return this.#state === "ready";
  }

  get isHealthy(): boolean {
    return this.isReady && this.#run?.verdict?.healthy === true;
  }

  get hasAnswered(): boolean {
    return this.#run?.verdict?.answered !== false;
  }

  get judgedAt(): number {
    return this.#run?.verdict?.since ?? 0;
  }

  /** The settings that need no new process: health, drain, start timeout. */
  adopt(service: CommandService): void {
    this.#service = service;
  }

  admit(pid: number): Report | undefined {
    return this.#run?.admit(pid, this.#deps.changed);
  }

  upstream(): FleetUpstream | undefined {
    return this.#run?.upstream(this.id, this.isReady ? "ready" : "draining");
  }

  status(): InstanceStatus {
    const run = this.#run;
    const reason = this.#failure === undefined ? run?.verdict?.reason : firstLine(this.#failure.message);
    return {
      id: this.id,
      state: this.#state,
      healthy: this.isHealthy,
      ...(reason === undefined ? {} : { reason }),
      ...(run === undefined ? {} : { pid: run.process.pid, port: run.port }),
      address: run === undefined ? "" : `127.0.0.1:${run.port}`,
      since: this.#since,
      restarts: this.#restarts,
      ...(run?.figures === undefined ? {} : { figures: run.figures }),
      ...(this.#lastExit === undefined ? {} : { lastExit: this.#lastExit }),
    };
  }

  /** Takes it out of rotation, ends its process with all that belongs to it. Resolves when nothing is left; takes `drain` at the most. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #live(): Promise<void> {
    const firstDeadline = this.#deps.clock.monotonic() + this.#service.startTimeoutMs;
    for (;;) {
      const outcome = await this.#runOnce(firstDeadline);
      if (this.isEnding) return;
      const waitMs = this.#decide(outcome, firstDeadline);
      if (waitMs === undefined) return;
      await this.#deps.clock.sleep(waitMs, this.#ending.signal).catch(() => {});
      if (this.isEnding) return;
      this.#restarts++;
      this.#apply("retry");
    }
  }

  async #runOnce(firstDeadline: number): Promise<Outcome> {
    const { clock } = this.#deps;
    let run: InstanceRun;
    try {
      run = await InstanceRun.launch(this.id, this.#service, this.#deps, this.#ending.signal);
    } catch (error) {
      if (!this.isEnding) this.#apply("exit");
      return { how: messageOf(error), readyMs: 0, error: error as Error };
    }
    this.#run = run;
    try {
      if (this.isEnding) await run.end(this.#unreadyGraceMs);
      else this.#emit("started", `runs as process ${run.process.pid} on port ${run.port}`);
      const { health, startTimeoutMs } = this.#service;
      const timeoutMs = this.#hasBeenReady ? startTimeoutMs : Math.max(0, firstDeadline - clock.monotonic());
      const readiness = await run.awaitReady(health, timeoutMs, this.#ending.signal);
      if (typeof readiness === "object") return await this.#endUnready(run, readiness.reason);
      const readySince = readiness === "ready" ? clock.monotonic() : Infinity;
      if (readiness === "ready") this.#becomeReady(run);
      const { how } = await run.process.exited;
      if (!this.isEnding) this.#apply("exit");
      this.#lastExit = { at: clock.now(), how };
      return { how, readyMs: Math.max(0, clock.monotonic() - readySince) };
    } finally {
      await run.end(0); // What the process has left behind; nothing to do where `end` has given it its grace.
      this.#run = undefined;
      this.#deps.changed();
    }
  }

  #becomeReady(run: InstanceRun): void {
    const tookMs = this.#deps.clock.now() - this.#since;
    run.serve(
      () => this.#service.health,
      (verdict) => this.#onVerdict(verdict),
    );
    this.#hasBeenReady = true;
    this.#apply("ready");
    this.#emit("ready", `is ready after ${(tookMs / 1000).toFixed(1)} s`);
    this.#firstReady.resolve();
  }

  #onVerdict({ healthy, reason }: HealthVerdict): void {
    if (healthy) this.#emit("healthy", "is healthy again");
    else this.#emit("unhealthy", `is unhealthy: ${reason}`, "warn");
    this.#deps.changed();
  }

  async #endUnready(run: InstanceRun, reason: string): Promise<Outcome> {
    const { startTimeoutMs } = this.#service;
    const failure = this.#startFailure();
    await run.end(this.#unreadyGraceMs);
    if (!this.isEnding) this.#apply("exit");
    const how = `not ready after ${startTimeoutMs / 1000} s: ${reason}`;
    this.#lastExit = { at: this.#deps.clock.now(), how };
    return { how, readyMs: 0, error: startTimedOut(failure, startTimeoutMs, run.port, reason) };
  }

  /** After a crash: how long to wait before the next try, or `undefined` when there is none. */
  #decide({ how, readyMs, error }: Outcome, firstDeadline: number): number | undefined {
    const { clock, tuning, random } = this.#deps;
    const now = clock.monotonic();
    this.#crashes = rememberCrash(this.#crashes, { at: now, readyMs }, tuning.crash);
    // What has never been ready is probably wrong, and whoever started it waits for an answer. What has been is missed.
    const isFirstStart = !this.#hasBeenReady;
    const verdict = judgeCrashes(this.#crashes, tuning.crash, random);
    if (isFirstStart && error !== undefined) return this.#fail(error);
    if (!verdict.restart || (isFirstStart && now + verdict.waitMs >= firstDeadline)) {
      return this.#fail(crashLooped(this.#startFailure(), this.#crashes.length, how));
    }
    this.#emit(
      "crashed",
      `ended unexpectedly (${how})${verdict.waitMs === 0 ? "" : `, tries again in ${Math.round(verdict.waitMs)} ms`}`,
      "warn",
    );
    this.#apply("wait");
    return verdict.waitMs;
  }

  #fail(error: Error): undefined {
    this.#failure = error;
    this.#apply("give-up");
    const message = firstLine(error.message);
    this.#deps.emit({ service: this.#service.name, instance: this.id, type: "failed", message, level: "error" });
    this.#firstReady.reject(error);
  }

  async #end(): Promise<void> {
    const run = this.#run;
    const wasReady = this.isReady;
    this.#ending.abort();
    this.#apply("drain");
    this.#firstReady.reject(endedBeforeReady(this.id));
    if (run !== undefined) await (wasReady ? this.#drain(run) : run.end(this.#unreadyGraceMs));
    await this.#living;
    this.#apply("exit");
    await this.#deps.logs.release(this.id);
    this.#emit("stopped", "has stopped");
  }

  async #drain(run: InstanceRun): Promise<void> {
    const { clock, rotation, changed } = this.#deps;
    const { drainMs } = this.#service;
    const reserveMs = Math.min(maxReserveMs, drainMs / 4);
    const deadline = clock.monotonic() + drainMs;
    this.#emit("draining", "drains");
    await run.leave(rotation, this.id, drainMs - reserveMs);
    changed();
    const { killed } = await run.end(Math.max(reserveMs, deadline - clock.monotonic()));
    if (killed) this.#emit("killed", `was killed: it had not ended after ${drainMs / 1000} s`, "warn");
  }

  /** What was never ready has nothing to finish. */
  get #unreadyGraceMs(): number {
    return Math.min(this.#service.drainMs, this.#deps.tuning.startingGraceMs);
  }

  #apply(event: InstanceEvent): void {
    const next = transition(this.#state, event);
    if (next === undefined) return;
    this.#state = next;
    this.#since = this.#deps.clock.now();
    this.#deps.changed();
  }

  #startFailure() {
    return {
      service: this.#service.name,
      instance: this.id,
      lastLines: this.#deps.logs.lastLines(this.id, errorLines),
    };
  }

  #emit(type: FleetEventType, message: string, level: FleetEvent["level"] = "info"): void {
    this.#deps.emit({ service: this.#service.name, instance: this.id, type, message: `${this.id} ${message}`, level });
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!;
}
