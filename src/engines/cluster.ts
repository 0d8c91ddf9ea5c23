/**
 * A primary and its streaming replicas, with one life. `start()` brings what is on disk to what the options say, whatever state an
 * earlier run was left in; it is the one way to get there, also after a crash in the middle of building, scaling or promoting.
 *
 * Starting, stopping, promoting and tending change the same servers: they take turns.
 */
import { messageOf, runAll, type Runnable } from "../kernel/index.ts";
import { notRunning } from "./errors.ts";
import type { NodeStatus, PostgresDeps, PostgresOptions } from "./options.ts";
import type { PostgresNode } from "./postgres-node.ts";
import { startPrimary } from "./primary.ts";
import { promoteReplica } from "./promotion.ts";
import { arrangeReplicas, rebuildLost, removeStrays } from "./replicas.ts";
import { type Lag, readLag, slotOf } from "./replication.ts";
import { Servers } from "./servers.ts";
import { openSite } from "./site.ts";

const tendEveryMs = 15_000;

/**
 * @example
 * await using postgres = new PostgresCluster({ directory, database: "shop", replicas: 1, maxConnections: 100, port: 0 });
 * await postgres.start();
 * console.log(postgres.url, postgres.replicaUrls);
 */
export class PostgresCluster implements Runnable {
  readonly #options: PostgresOptions;
  readonly #deps: PostgresDeps;
  #servers: Servers | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** Fired by `stop()`: what has its turn ends early. */
  #stopping = new AbortController();
  #tending: NodeJS.Timeout | undefined;

  constructor(options: PostgresOptions, deps: PostgresDeps = {}) {
    this.#options = options;
    this.#deps = deps;
  }

  /** Resolves when the primary takes connections and every replica follows it. Of a failed start nothing is left running. */
  start(signal?: AbortSignal): Promise<void> {
    return this.#inTurn(async (stopping) => {
      if (this.#servers !== undefined) return;
      const either = signal === undefined ? stopping : AbortSignal.any([signal, stopping]);
      either.throwIfAborted();
      const servers = new Servers(await openSite(this.#options.directory), this.#options, this.#deps);
      try {
        await removeStrays(servers);
        await startPrimary(servers, either);
        await arrangeReplicas(servers, either);
      } catch (error) {
        await end(servers).catch(() => {});
        throw error;
      }
      this.#servers = servers;
      this.#tending = setInterval(() => void this.#inTurn((signal) => this.#tend(signal)), tendEveryMs).unref();
    });
  }

  /** The primary first, while its replicas still listen: so they get all of its WAL. */
  stop(): Promise<void> {
    this.#stopping.abort(new Error("stopped"));
    this.#stopping = new AbortController();
    return this.#inTurn(async () => {
      const servers = this.#servers;
      this.#servers = undefined;
      clearInterval(this.#tending);
      if (servers !== undefined) await end(servers);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** For the application, the primary's; it stays the same over restarts and promotions. */
  get url(): string {
    const servers = this.#running();
    return servers.urlOf("primary");
  }

  get replicaUrls(): readonly string[] {
    const servers = this.#running();
    return replicasOf(servers).map(([name]) => servers.urlOf(name));
  }

  /** The same server as superuser, for whoever looks after it. */
  adminUrlOf(url: string): string {
    return this.#running().adminUrlOf(url);
  }

  /** Never waits long: lag is left out when the primary does not say. */
  async status(): Promise<NodeStatus[]> {
    const servers = this.#servers;
    if (servers === undefined) return [];
    const lags = await servers
      .asAdmin(readLag, { connectMs: 2_000, queryMs: 2_000 })
      .catch(() => new Map<string, Lag>());
    return [["primary", servers.primary] as const, ...replicasOf(servers)].map(([name, node]) =>
      toStatus(name, node, lags.get(slotOf(node.node))),
    );
  }

  /** A replica becomes the primary, on the primary's port; a new replica takes its name. Clients must reconnect. */
  promote(name: string, signal?: AbortSignal): Promise<void> {
    return this.#inTurn(() => promoteReplica(this.#running(), name, signal));
  }

  async #tend(signal: AbortSignal): Promise<void> {
    const servers = this.#servers;
    if (servers === undefined) return;
    try {
      for (const node of servers.nodes.values()) await node.boundLog();
      if (servers.primary.state === "ready") await rebuildLost(servers, signal);
    } catch (error) {
      if (!signal.aborted) servers.progress(`a replica could not be built anew: ${messageOf(error)}`);
    }
  }

  #running(): Servers {
    if (this.#servers === undefined) throw notRunning();
    return this.#servers;
  }

  #inTurn<T>(work: (stopping: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#stopping;
    const result = this.#turn.then(() => work(signal));
    this.#turn = result.catch(() => {});
    return result;
  }
}

function toStatus(name: string, { state, port, pid }: PostgresNode, lag: Lag | undefined): NodeStatus {
  const role = name === "primary" ? "primary" : "replica";
  return { name, role, state, port, ...(pid && { pid }), ...(lag && { lagBytes: lag.bytes, lagMs: lag.ms }) };
}

function replicasOf(servers: Servers): [string, PostgresNode][] {
  return [...servers.nodes]
    .filter(([name]) => name !== "primary")
    .toSorted(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
}

async function end(servers: Servers): Promise<void> {
  const nodes = servers.nodes;
  await runAll([
    () => nodes.get("primary")?.stop(),
    () => Promise.all(replicasOf(servers).map(([, node]) => node.stop())),
    () => servers.site.claim.release(),
  ]);
}
