import type { ResolvedDatabase } from "../config/index.ts";
import { checkDatabaseUrl, type NodeChange, PostgresCluster } from "../engines/index.ts";
import type { Runnable } from "../kernel/index.ts";
import type { DatabaseUrls } from "./environment.ts";
import type { Ledger } from "./ledger.ts";
import type { DatabaseStatus } from "./status.ts";

export interface DatabaseDeps {
  /** Where the embedded engines keep their data. */
  readonly directory: string;
  readonly ledger: Ledger;
  readonly onProgress: (message: string) => void;
  readonly onChange: (change: NodeChange) => void;
}

/** The project's database, whoever runs it: nobody, its owner (checked, never touched), or this platform. */
export class Database implements Runnable {
  readonly #config: ResolvedDatabase;
  readonly #deps: DatabaseDeps;
  #cluster: PostgresCluster | undefined;
  #externalVersion = "";

  constructor(config: ResolvedDatabase, deps: DatabaseDeps) {
    this.#config = config;
    this.#deps = deps;
  }

  async start(signal?: AbortSignal): Promise<void> {
    const config = this.#config;
    if (config.kind === "external") {
      const within = signal === undefined ? {} : { signal };
      this.#externalVersion = (await checkDatabaseUrl(config.url, within)).version;
      for (const url of config.replicaUrls) await checkDatabaseUrl(url, { ...within, role: "replica" });
      this.#deps.onProgress(`your Postgres ${this.#externalVersion} answers`);
    }
    if (config.kind === "embedded") {
      const { name, replicas, maxConnections, port } = config;
      const { directory, ...deps } = this.#deps;
      this.#cluster = new PostgresCluster({ directory, database: name, replicas, maxConnections, port }, deps);
      await this.#cluster.start(signal);
    }
  }

  async stop(): Promise<void> {
    await this.#cluster?.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** What instances connect to; `undefined` when there is no database. */
  get urls(): DatabaseUrls | undefined {
    if (this.#config.kind === "external") return this.#config;
    return this.#cluster === undefined ? undefined : { url: this.#cluster.url, replicaUrls: this.#cluster.replicaUrls };
  }

  async status(): Promise<DatabaseStatus> {
    if (this.#config.kind === "none") return { kind: "none" };
    if (this.#config.kind === "external") return { kind: "external", version: this.#externalVersion };
    return { kind: "embedded", nodes: (await this.#cluster?.status()) ?? [] };
  }
}
