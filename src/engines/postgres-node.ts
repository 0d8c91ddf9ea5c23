/**
 * One server on one data directory: started, or adopted when it runs already; watched; started again when it dies.
 *
 *     stopped ─ start() → starting → ready ─ dies → restarting (backoff) → ready
 *                                      │                  └─ five deaths in a minute → failed
 *                                      └─ stop() → stopped
 *
 * A server that is being stopped is not watched any more: the abort signal of its watch is fired first, and the watch's end is
 * awaited before the server is signalled, so that stopping and restarting never overlap.
 */
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { backoffMs, type Clock, codeOf, isSameProcess, systemClock } from "../kernel/index.ts";
import { decideAdoption } from "./adoption.ts";
import type { Binaries } from "./binaries.ts";
import {
  crashLooped,
  directoryServedByOther,
  explainFileError,
  portTaken,
  startFailed,
  startTimedOut,
} from "./errors.ts";
import { findFreePort, isPortFree } from "./free-port.ts";
import type { ProcessLedger } from "./ledger.ts";
import { crashLoop, type NodeState, timing } from "./options.ts";
import { disownPostmasterPid, parsePostmasterPid } from "./postmaster-pid.ts";
import { commandAs, type RunAs } from "./run-as.ts";
import { fingerprint, toAccessRules } from "./server-config.ts";
import { boundLog, rotateLog, sizeOf, tailLog } from "./server-log.ts";
import { adoptServer, type ServerProcess, spawnServer } from "./server-process.ts";
import { awaitSurvivors, findServer, ownMark, type ServerRecord, stopServer } from "./server-processes.ts";
import type { StateFolder } from "./state-folder.ts";

export interface NodeDeps {
  readonly folder: StateFolder;
  readonly binaries: Binaries;
  readonly runAs: RunAs;
  readonly ledger: ProcessLedger;
  readonly onProgress: (message: string) => void;
  readonly onState: (name: string, state: NodeState, error?: Error) => void;
}

export interface NodePlan {
  /** Its role: `"primary"`, `"replica-1"` … */
  readonly name: string;
  /** 0: any. */
  readonly port: number;
  /** May another port be taken when this one is not free? */
  readonly isPortFixed: boolean;
  /** `postgresql.conf` for a port. */
  readonly configFor: (port: number) => string;
  /** Does the server on this port answer queries? Asked before one is adopted. */
  readonly answers: (port: number) => Promise<boolean>;
}

const bindFailed = /could not (bind|create any TCP\/IP)/;
const portTries = 3;

export class PostgresNode {
  readonly node: string;
  readonly #deps: NodeDeps;
  readonly #clock: Clock;
  #state: NodeState = "stopped";
  #plan: NodePlan | undefined;
  #port = 0;
  #server: ServerProcess | undefined;
  #watch: { abort: AbortController; ended: Promise<void> } | undefined;

  constructor(node: string, deps: NodeDeps, clock: Clock = systemClock) {
    this.node = node;
    this.#deps = deps;
    this.#clock = clock;
  }

  get state(): NodeState {
    return this.#state;
  }
  get port(): number {
    return this.#port;
  }
  get pid(): number | undefined {
    return this.#server?.identity.pid;
  }

  /** Resolves when it takes connections. */
  async start(plan: NodePlan, signal?: AbortSignal): Promise<void> {
    this.#plan = plan;
    this.#setState("starting");
    try {
      this.#server = (await this.#takeOver(plan)) ?? (await this.#launch(plan, signal));
    } catch (error) {
      this.#setState("stopped");
      throw explainFileError(error, this.#data);
    }
    this.#setState("ready");
    const abort = new AbortController();
    const ended = this.#keepAlive(plan, abort.signal).catch((error: Error) => this.#setState("failed", error));
    this.#watch = { abort, ended };
  }

  /** Also ends a server that an earlier platform left in this directory. */
  async stop(): Promise<void> {
    this.#watch?.abort.abort();
    await this.#watch?.ended;
    this.#watch = undefined;
    const identity = this.#server?.identity ?? (await this.#findOwn());
    if (identity !== undefined) {
      await this.#end(identity);
      await this.#deps.ledger.remove(identity.pid);
    }
    this.#server = undefined;
    this.#setState("stopped");
  }

  async boundLog(): Promise<void> {
    await boundLog(this.#log);
  }

  async tailLog(): Promise<string> {
    return await tailLog(this.#log);
  }

  get #data(): string {
    return this.#deps.folder.data(this.node);
  }
  get #log(): string {
    return this.#deps.folder.log(this.node);
  }
  get #pidFile(): string {
    return join(this.#data, "postmaster.pid");
  }

  /** Deals with a server that runs already; the server, if it may go on. */
  async #takeOver(plan: NodePlan): Promise<ServerProcess | undefined> {
    const settings = this.#fingerprint(plan.configFor(plan.port));
    const decision = decideAdoption(await findServer(this.#data, this.#deps.folder.record(this.node)), settings);
    if (decision.action === "refuse") throw directoryServedByOther(this.#data, decision.pid);
    if (decision.action === "start") return undefined;
    if (decision.action === "adopt" && (await plan.answers(plan.port))) {
      this.#port = plan.port;
      await this.#remember(plan, { identity: decision.identity, settings });
      return adoptServer(decision.identity, this.#clock);
    }
    await this.#end(decision.identity);
    return undefined;
  }

  async #launch(plan: NodePlan, signal?: AbortSignal): Promise<ServerProcess> {
    await awaitSurvivors(this.#data, this.#clock);
    await this.#disownPidFile();
    await rotateLog(this.#log);
    let port = plan.port;
    for (let attempt = 1; ; attempt++) {
      if (port === 0 || !(await isPortFree(port))) {
        if (plan.isPortFixed) throw portTaken(plan.name, port);
        port = await findFreePort();
      }
      const logStart = await sizeOf(this.#log);
      try {
        return await this.#spawn(plan, port, signal);
      } catch (error) {
        // Someone took the port between the look and the start.
        if (!bindFailed.test(await tailLog(this.#log, logStart))) throw error;
        if (plan.isPortFixed || attempt === portTries) throw portTaken(plan.name, port);
        port = 0;
      }
    }
  }

  async #spawn(plan: NodePlan, port: number, signal?: AbortSignal): Promise<ServerProcess> {
    const { folder, binaries, runAs } = this.#deps;
    const config = plan.configFor(port);
    await this.#writeConfig("postgresql.conf", config);
    await this.#writeConfig("pg_hba.conf", toAccessRules());
    const logStart = await sizeOf(this.#log);
    const command = commandAs(runAs, binaries.postgres, ["-D", this.#data, ownMark]);
    const server = await spawnServer(command, this.#log, folder.root);
    try {
      await this.#remember(plan, { identity: server.identity, settings: this.#fingerprint(config) });
      await this.#awaitReady(plan, server, logStart, signal);
    } catch (error) {
      await this.#end(server.identity);
      await this.#deps.ledger.remove(server.identity.pid);
      throw error;
    }
    this.#port = port;
    return server;
  }

  /** By the server's own word in postmaster.pid, as pg_ctl does: no connection attempts, and none of their log lines. */
  async #awaitReady(plan: NodePlan, server: ServerProcess, logStart: number, signal?: AbortSignal): Promise<void> {
    const start = this.#clock.monotonic();
    let hasTold = false;
    for (;;) {
      if (server.hasExited()) throw startFailed(plan.name, this.#data, await tailLog(this.#log, logStart));
      const found = parsePostmasterPid(await this.#readPidFile());
      if (found?.pid === server.identity.pid && found.isReady) return;
      const elapsed = this.#clock.monotonic() - start;
      if (elapsed > timing.startMs) throw startTimedOut(plan.name, timing.startMs, await tailLog(this.#log, logStart));
      if (elapsed > timing.slowStartMs && !hasTold) {
        hasTold = true;
        this.#deps.onProgress(
          `${plan.name}: Postgres recovers from a crash; this takes as long as there is WAL to replay`,
        );
      }
      await this.#clock.sleep(timing.pollMs, signal);
    }
  }

  async #keepAlive(plan: NodePlan, signal: AbortSignal): Promise<void> {
    let deaths: number[] = [];
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    while (!signal.aborted) {
      if (this.#server !== undefined) await Promise.race([this.#server.exited, stopped]);
      if (signal.aborted) return;
      const now = this.#clock.monotonic();
      deaths = [...deaths.filter((at) => now - at < crashLoop.windowMs), now];
      const error = startFailed(plan.name, this.#data, await tailLog(this.#log));
      if (this.#server !== undefined) await this.#deps.ledger.remove(this.#server.identity.pid);
      this.#server = undefined;
      if (deaths.length >= crashLoop.deaths) {
        return this.#setState("failed", crashLooped(plan.name, deaths.length, await tailLog(this.#log)));
      }
      this.#setState("restarting", error);
      await this.#restart({ ...plan, port: this.#port, isPortFixed: true }, deaths.length, signal);
    }
  }

  /** One try, after a wait; the URL that applications hold stays valid, so the port must be the same. */
  async #restart(plan: NodePlan, attempt: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(backoffMs(attempt, crashLoop.backoff), signal);
      this.#server = await this.#launch(plan, signal);
      this.#setState("ready");
    } catch {
      // Counted as another death by the caller, unless it was stopped.
    }
  }

  async #end(identity: ServerRecord["identity"]): Promise<void> {
    const name = this.#plan?.name ?? this.node;
    await stopServer({ name, identity, dataDirectory: this.#data, pgCtl: this.#deps.binaries.pgCtl }, this.#clock);
  }

  async #findOwn(): Promise<ServerRecord["identity"] | undefined> {
    const found = await findServer(this.#data, this.#deps.folder.record(this.node));
    if (found.kind === "other") throw directoryServedByOther(this.#data, found.pid);
    return found.kind === "own" && isSameProcess(found.identity) ? found.identity : undefined;
  }

  async #remember(plan: NodePlan, record: ServerRecord): Promise<void> {
    const { folder, ledger } = this.#deps;
    const { identity } = record;
    await ledger.add({
      kind: "engine",
      name: plan.name,
      identity,
      stop: { signal: "SIGINT", graceMs: timing.fastStopMs },
    });
    await folder.write(folder.record(this.node), JSON.stringify(record));
  }

  async #writeConfig(name: string, content: string): Promise<void> {
    const path = join(this.#data, name);
    await writeFile(path, content);
    await chmod(path, 0o600);
    await this.#deps.folder.makeOwn(path);
  }

  async #disownPidFile(): Promise<void> {
    const text = await this.#readPidFile();
    if (text === "") return;
    await writeFile(this.#pidFile, disownPostmasterPid(text, process.pid));
  }

  async #readPidFile(): Promise<string> {
    try {
      return await readFile(this.#pidFile, "utf8");
    } catch (error) {
      if (codeOf(error) === "ENOENT") return "";
      throw error;
    }
  }

  #fingerprint(config: string): string {
    return fingerprint(this.#deps.binaries.version, config, toAccessRules());
  }

  #setState(state: NodeState, error?: Error): void {
    if (this.#state === state && error === undefined) return;
    this.#state = state;
    this.#deps.onState(this.#plan?.name ?? this.node, state, error);
  }
}
