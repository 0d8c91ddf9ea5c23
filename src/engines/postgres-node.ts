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
import { backoffMs, type Clock, systemClock } from "../kernel/index.ts";
import { decideAdoption } from "./adoption.ts";
import { crashLooped, directoryServedByOther, explainFileError, serverDied } from "./errors.ts";
import { endServer, type Launchpad, launchServer, type NodePlan, rememberServer, settingsOf } from "./launch.ts";
import { crashLoop, type NodeState } from "./options.ts";
import { boundLog, tailLog } from "./server-log.ts";
import { adoptServer, type ServerProcess } from "./server-process.ts";
import { findServer, type ServerRecord } from "./server-processes.ts";

export interface NodeDeps extends Omit<Launchpad, "node" | "clock"> {
  /** @param name of the role it has */
  readonly onState: (name: string, state: NodeState, error?: Error) => void;
}

export class PostgresNode {
  readonly node: string;
  readonly #pad: Launchpad;
  readonly #onState: NodeDeps["onState"];
  #name: string;
  #state: NodeState = "stopped";
  #port = 0;
  #server: ServerProcess | undefined;
  #watch: { abort: AbortController; ended: Promise<void> } | undefined;

  /** @param node its directory's name */
  constructor(node: string, { onState, ...deps }: NodeDeps, clock: Clock = systemClock) {
    this.node = node;
    this.#name = node;
    this.#pad = { ...deps, node, clock };
    this.#onState = onState;
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
    this.#name = plan.name;
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
    if (identity !== undefined) await endServer(this.#pad, this.#name, identity);
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
    return this.#pad.folder.data(this.node);
  }
  get #log(): string {
    return this.#pad.folder.log(this.node);
  }

  /** Deals with a server that runs already; the server, if it may go on. */
  async #takeOver(plan: NodePlan): Promise<ServerProcess | undefined> {
    const settings = settingsOf(this.#pad, plan, plan.port);
    const decision = decideAdoption(await findServer(this.#data, this.#pad.folder.record(this.node)), settings);
    if (decision.action === "refuse") throw directoryServedByOther(this.#data, decision.pid);
    if (decision.action === "start") return undefined;
    const { identity } = decision;
    if (decision.action === "adopt" && (await plan.answers(plan.port))) {
      this.#port = plan.port;
      await rememberServer(this.#pad, plan.name, { identity, settings });
      return adoptServer(identity, this.#pad.clock);
    }
    await endServer(this.#pad, plan.name, identity);
    return undefined;
  }

  async #launch(plan: NodePlan, signal?: AbortSignal): Promise<ServerProcess> {
    const { server, port } = await launchServer(this.#pad, plan, signal);
    this.#port = port;
    return server;
  }

  async #keepAlive(plan: NodePlan, signal: AbortSignal): Promise<void> {
    let deaths: number[] = [];
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    while (!signal.aborted) {
      if (this.#server !== undefined) await Promise.race([this.#server.exited, stopped]);
      if (signal.aborted) return;
      const now = this.#pad.clock.monotonic();
      deaths = [...deaths.filter((at) => now - at < crashLoop.windowMs), now];
      if (this.#server !== undefined) await this.#pad.ledger.remove(this.#server.identity.pid);
      this.#server = undefined;
      const lastWords = await tailLog(this.#log);
      if (deaths.length >= crashLoop.deaths) {
        return this.#setState("failed", crashLooped(plan.name, deaths.length, lastWords));
      }
      this.#setState("restarting", serverDied(plan.name, lastWords));
      await this.#restart({ ...plan, port: this.#port, isPortFixed: true }, deaths.length, signal);
    }
  }

  /** One try, after a wait; the URL that applications hold stays valid, so the port must be the same. */
  async #restart(plan: NodePlan, attempt: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#pad.clock.sleep(backoffMs(attempt, crashLoop.backoff), signal);
      this.#server = await this.#launch(plan, signal);
      this.#setState("ready");
    } catch {
      // Counted as another death by the caller, unless it was stopped.
    }
  }

  async #findOwn(): Promise<ServerRecord["identity"] | undefined> {
    const found = await findServer(this.#data, this.#pad.folder.record(this.node));
    if (found.kind === "other") throw directoryServedByOther(this.#data, found.pid);
    return found.kind === "own" ? found.identity : undefined;
  }

  #setState(state: NodeState, error?: Error): void {
    if (this.#state === state && error === undefined) return;
    this.#state = state;
    this.#onState(this.#name, state, error);
  }
}
