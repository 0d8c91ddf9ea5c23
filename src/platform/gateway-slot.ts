import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  type GatewayFigures,
  GatewayProcess,
  type PeerPaths,
  type Predecessor,
  type Snapshot,
} from "../gateway/index.ts";
import { type Backoff, backoffMs, codeOf, messageOf, programBeside } from "../kernel/index.ts";
import type { Directories } from "./directories.ts";
import type { GatewayConcurrency } from "./gateway-concurrency.ts";
import { notReady } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import type { PurgeTarget } from "./purge-everywhere.ts";
import type { GatewayStatus } from "./status.ts";

export interface GatewaySlotOptions {
  readonly directories: Pick<Directories, "logs" | "sockets">;
  readonly orphanGraceMs: number;
  /** The places whose gateways share what they cache, and which of them this is. */
  readonly peers?: PeerPaths;
  /** Of Node. */
  readonly execArgv?: readonly string[];
  /** How long a gateway may take to let go of its clients. */
  readonly drainMs: number;
  /** One that does not answer the platform for so long hangs. Default 10 s. */
  readonly replyMs?: number;
  /** The module that runs a gateway process. Default: the gateway as it is. */
  readonly program?: string;
}

export interface GatewaySlotDeps {
  readonly ledger: Ledger;
  /** Where those that share a service tell what they measure. */
  readonly concurrency: GatewayConcurrency;
  /** What is to be served now. */
  readonly snapshot: () => Snapshot;
  readonly onEvent: (type: "anew" | "behind" | "hung" | "crashed" | "restarted", message: string) => void;
}

const ownProgram = programBeside(import.meta.filename, "gateway-main");
const defaultReplyMs = 10_000;
const restartBackoff: Backoff = { baseMs: 100, maxMs: 10_000 };
/** A gateway that served for so long has recovered: its next crash counts as the first. */
const recoveredMs = 60_000;

/**
 * A place for a gateway process, which keeps its name while processes come and go:
 *
 *     starting ──serves──► ready ──dies──► stopped ──after a pause──► starting
 *                           └──a successor serves──► draining, beside it, until it has ended
 *
 * One that hangs is ended, as a connection that falls to it waits in vain.
 *
 * A successor has the listening sockets of the process before it. So the sockets of a place go from process to process, and from one
 * platform to the next; only a crash closes them.
 */
export class GatewaySlot {
  readonly id: string;
  readonly #options: GatewaySlotOptions;
  readonly #deps: GatewaySlotDeps;
  #current: GatewayProcess | undefined;
  /** Not yet serving. */
  #next: GatewayProcess | undefined;
  readonly #draining = new Set<GatewayProcess>();
  readonly #hung = new WeakSet<GatewayProcess>();
  #launching: Promise<void> | undefined;
  #version = 0;
  #restarts = 0;
  /** Crashes in a row. */
  #crashes = 0;
  #startedAt = 0;
  #restart: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(id: string, options: GatewaySlotOptions, deps: GatewaySlotDeps) {
    this.id = id;
    this.#options = options;
    this.#deps = deps;
  }

  /** With the sockets of the first predecessor that hands them on, else with sockets of its own. */
  async start(predecessors: readonly Predecessor[] = []): Promise<void> {
    this.#launching ??= this.#launch(predecessors).finally(() => (this.#launching = undefined));
    await this.#launching;
  }

  /** By a new process with the same sockets, beside the old one until that has drained. When that fails, the old one serves on. */
  async replace(): Promise<void> {
    await this.start(this.#current === undefined ? [] : [this.#current]);
  }

  /** Who has taken over from the process of another platform needs nothing more of it. */
  settle(): void {
    this.#current?.settle();
  }

  /** Resolves when the snapshot is served, by whatever process; with the reason when it is not. */
  async apply(snapshot: Snapshot): Promise<unknown> {
    for (const process of this.#draining) process.apply(snapshot).catch(() => {}); // Whom it may not send to any more.
    const process = this.#current;
    if (process === undefined) return undefined;
    try {
      await this.#catchUp(process, snapshot);
      return undefined;
    } catch (error) {
      if (this.#current !== process || this.#isStopped) return undefined;
      // What it cannot do, another could not; one that hangs is replaced, and cannot be asked for its sockets.
      if (codeOf(error) !== "GATEWAY_UNRESPONSIVE") return error;
      this.#hung.add(process);
      return this.start().catch((failure: unknown) => failure);
    }
  }

  /** Of all its processes. */
  async whenDrained(upstreamId: string, deadlineMs: number): Promise<void> {
    await Promise.all(this.#all().map((process) => process.whenDrained(upstreamId, deadlineMs)));
  }

  /** Of the process that serves; `undefined` when it does not answer. */
  async figures(): Promise<GatewayFigures | undefined> {
    return this.#current?.figures().catch(() => undefined);
  }

  /** Requests in progress, those too of processes that drain. */
  async active(): Promise<number> {
    const answers = await Promise.all(this.#all().map((process) => process.figures().catch(() => undefined)));
    return answers.reduce((sum, figures) => sum + (figures?.active ?? 0), 0);
  }

  /** All of its processes: one that drains still answers the clients that it has. */
  purgeTargets(): PurgeTarget[] {
    return this.#all().map((process) => ({
      gateway: this.id,
      pid: process.pid,
      purge: (order) => process.purge(order),
    }));
  }

  status(): GatewayStatus[] {
    const { id } = this;
    const of = (process: GatewayProcess | undefined, state: GatewayStatus["state"]): GatewayStatus => ({
      id,
      pid: process?.pid,
      state,
      snapshot: this.#version,
      restarts: this.#restarts,
    });
    const serving = of(this.#current ?? this.#next, this.#state());
    return [serving, ...[...this.#draining].map((process) => of(process, "draining"))];
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#restart);
    await Promise.all(this.#all().map((process) => process.stop()));
    await this.#launching?.catch(() => {});
    await Promise.all(this.#all().map((process) => process.stop()));
  }

  #state(): GatewayStatus["state"] {
    if (this.#current !== undefined) return this.#isStopped ? "draining" : "ready";
    return this.#next === undefined ? "stopped" : "starting";
  }

  #all(): GatewayProcess[] {
    return [this.#current, this.#next, ...this.#draining].filter((process) => process !== undefined);
  }

  async #launch(predecessors: readonly Predecessor[]): Promise<void> {
    const { process, version } = await this.#launchWith(predecessors).catch((error: unknown) => {
      this.#next = undefined;
      throw error;
    });
    const before = this.#current;
    // In one step: it serves already, and a purge that is under way asks just now who does.
    this.#current = process;
    this.#next = undefined;
    this.#version = version;
    if (before !== undefined) {
      process.settle();
      this.#draining.add(before);
      void before.stop(this.#hung.has(before) ? 0 : undefined);
    }
    const newest = this.#deps.snapshot();
    if (newest.version > version) await this.#catchUp(process, newest).catch(() => {}); // The next one will show.
  }

  async #launchWith(predecessors: readonly Predecessor[]): Promise<Launched> {
    for (const predecessor of predecessors) {
      try {
        return await this.#begin((process, snapshot) => process.succeed(predecessor, snapshot));
      } catch (error) {
        if (this.#isStopped) throw error;
        const why = messageOf(error);
        this.#deps.onEvent(
          "anew",
          `${this.id} does not get the sockets of the gateway before it, and opens others: ${why}`,
        );
      }
    }
    return this.#begin((process, snapshot) => process.start(snapshot));
  }

  async #begin(launch: (process: GatewayProcess, snapshot: Snapshot) => Promise<void>): Promise<Launched> {
    if (this.#isStopped) throw notReady("stopping");
    this.#startedAt = performance.now();
    const snapshot = this.#deps.snapshot();
    const process = this.#create();
    this.#next = process;
    await launch(process, snapshot);
    return { process, version: snapshot.version };
  }

  #create(): GatewayProcess {
    const { directories, drainMs, replyMs = defaultReplyMs, program = ownProgram, ...options } = this.#options;
    const controlPath = join(directories.sockets, `${this.id}-${randomBytes(4).toString("hex")}.sock`);
    const process = new GatewayProcess({
      program,
      controlPath,
      accessLogPath: join(directories.logs, "access.log"),
      logPath: join(directories.logs, "gateway.log"),
      ...options,
      reusePort: true, // The processes of other slots listen there too.
      drainMs,
      replyMs,
    });
    process.once("started", (identity) => {
      const stop = { signal: "SIGTERM", graceMs: drainMs } as const;
      const gateway = { controlPath, since: Date.now() };
      this.#deps.ledger.add({ kind: "gateway", name: this.id, identity, stop, gateway });
      process.once("exit", () => this.#deps.ledger.remove(identity.pid));
    });
    process.on("load", (service, window, limit) => this.#deps.concurrency.report(process, service, window, limit));
    const watch = setInterval(() => void this.#check(process), replyMs / 2).unref();
    process.once("exit", (code, signal) => {
      clearInterval(watch);
      this.#deps.concurrency.leave(process);
      this.#onExit(process, code, signal);
    });
    return process;
  }

  /** Nobody else may notice that a process hangs: to the kernel, its sockets are well. */
  async #check(process: GatewayProcess): Promise<void> {
    if (process !== this.#current) return;
    const failure = await process.figures().catch(codeOf);
    if (failure !== "GATEWAY_UNRESPONSIVE" || process !== this.#current || this.#hung.has(process)) return;
    this.#hung.add(process);
    this.#deps.onEvent("hung", `${this.id} does not answer, and is ended`);
    await process.stop(0);
  }

  async #catchUp(process: GatewayProcess, snapshot: Snapshot): Promise<void> {
    try {
      await process.apply(snapshot);
      if (this.#current === process) this.#version = Math.max(this.#version, snapshot.version);
    } catch (error) {
      // What ends takes nothing any more.
      if (!this.#isStopped)
        this.#deps.onEvent("behind", `${this.id} did not take snapshot ${snapshot.version}: ${messageOf(error)}`);
      throw error;
    }
  }

  /** A start that fails says so itself, and who drains was let go. */
  #onExit(process: GatewayProcess, code: number | null, signal: NodeJS.Signals | null): void {
    this.#draining.delete(process);
    if (process !== this.#current) return;
    this.#current = undefined;
    const how = signal ?? (code === null ? "an unknown cause" : `exit code ${code}`);
    if (!this.#isStopped) this.#startAgain(how);
  }

  #startAgain(why: string): void {
    this.#crashes = performance.now() - this.#startedAt > recoveredMs ? 1 : this.#crashes + 1;
    const waitMs = this.#crashes === 1 ? 0 : backoffMs(this.#crashes - 1, restartBackoff);
    this.#deps.onEvent("crashed", `${this.id} ended by ${why}; it starts again`);
    this.#restart = setTimeout(() => {
      if (this.#current !== undefined) return; // A successor was on its way when it died.
      this.#restarts++;
      this.start().then(
        () => this.#deps.onEvent("restarted", `${this.id} serves again`),
        (error: unknown) => void (!this.#isStopped && this.#startAgain(messageOf(error))),
      );
    }, waitMs);
  }
}

interface Launched {
  readonly process: GatewayProcess;
  /** Of the snapshot that it serves. */
  readonly version: number;
}
