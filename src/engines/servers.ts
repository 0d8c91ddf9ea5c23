import { rm } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import type { Client } from "pg";
import { type ConnectionBounds, type Endpoint, toUrl, withConnection } from "./connection.ts";
import { copyMark, inspectDataDirectory } from "./data-directory.ts";
import { notRunning } from "./errors.ts";
import type { NodePlan } from "./launch.ts";
import { noLedger } from "./ledger.ts";
import type { PostgresDeps, PostgresOptions } from "./options.ts";
import { PostgresNode } from "./postgres-node.ts";
import { slotOf } from "./replication.ts";
import { roles, toServerConfig } from "./server-config.ts";
import type { Site } from "./site.ts";
import type { Topology } from "./topology.ts";

/** The servers of one cluster: which node plays which role, and how each is started. Starting, copying and promoting act on it. */
export class Servers {
  readonly site: Site;
  readonly options: PostgresOptions;
  /** By role name; those that were started. */
  readonly nodes = new Map<string, PostgresNode>();
  readonly progress: (message: string) => void;
  readonly #deps: PostgresDeps;
  #topology: Topology;
  #saved: Promise<void> = Promise.resolve();

  constructor(site: Site, options: PostgresOptions, deps: PostgresDeps) {
    this.site = site;
    this.options = options;
    this.#deps = deps;
    this.#topology = site.topology;
    this.progress = deps.onProgress ?? ((): void => {});
  }

  get topology(): Topology {
    return this.#topology;
  }

  /** Resolves when it is on disk; changes reach it in order. */
  changeTopology(change: (topology: Topology) => Topology): Promise<void> {
    this.#topology = change(this.#topology);
    const { folder } = this.site;
    const save = (): Promise<void> => folder.write(folder.topologyFile, JSON.stringify(this.#topology, null, 2));
    this.#saved = this.#saved.then(save, save);
    return this.#saved;
  }

  get primary(): PostgresNode {
    const node = this.nodes.get("primary");
    if (node === undefined) throw notRunning();
    return node;
  }

  createNode(node: string): PostgresNode {
    const { folder, binaries, runAs } = this.site;
    const onState = (name: string, state: PostgresNode["state"], error?: Error): void =>
      this.#deps.onChange?.({ name, state, ...(error === undefined ? {} : { error }) });
    const ledger = this.#deps.ledger ?? noLedger;
    return new PostgresNode(node, { folder, binaries, runAs, ledger, onProgress: this.progress, onState });
  }

  /** Starts a node in a role, and keeps the port it got for the role's next start. */
  async startNode(name: string, node: PostgresNode, signal?: AbortSignal): Promise<void> {
    this.nodes.set(name, node);
    await node.start(this.#planFor(name, node.node), signal);
    if (this.#topology.ports[name] !== node.port) {
      await this.changeTopology((topology) => ({ ...topology, ports: { ...topology.ports, [name]: node.port } }));
    }
  }

  /** Ends whatever serves a node's directory; then deletes it, but only when it is a copy. */
  async retireNode(node: PostgresNode): Promise<void> {
    await node.stop();
    const { folder } = this.site;
    const path = folder.data(node.node);
    const found = await inspectDataDirectory(path);
    if (found.kind === "database" && found.isCopy) {
      await rm(path, { recursive: true, force: true });
      await rm(folder.record(node.node), { force: true });
      await rm(folder.log(node.node), { force: true });
    } else if (found.kind === "database") {
      this.progress(`${path} is kept: it may hold what no other server has`);
    }
  }

  /** One connection to the primary's application database, as superuser. */
  asAdmin<T>(work: (client: Client) => Promise<T>, bounds?: ConnectionBounds): Promise<T> {
    return withConnection(this.adminEndpoint(this.primary.port), work, bounds);
  }

  adminEndpoint(port: number): Endpoint {
    const { admin } = this.site.credentials;
    return { port, user: roles.admin, password: admin, database: this.options.database };
  }

  /** For the application. By the role's kept port: valid also while the role moves to another node. */
  urlOf(name: string): string {
    const { app } = this.site.credentials;
    const port = this.#topology.ports[name] ?? 0;
    return toUrl({ port, user: roles.app, password: app, database: this.options.database });
  }

  adminUrlOf(url: string): string {
    return toUrl(this.adminEndpoint(Number(new URL(url).port)));
  }

  copyMarkOf(node: string): string {
    return join(this.site.folder.data(node), copyMark);
  }

  #planFor(name: string, node: string): NodePlan {
    const isPrimary = name === "primary";
    const isPortFixed = isPrimary && this.options.port !== 0;
    return {
      name,
      isPortFixed,
      port: isPortFixed ? this.options.port : (this.#topology.ports[name] ?? 0),
      configFor: (port) =>
        toServerConfig({
          port,
          maxConnections: this.options.maxConnections,
          memoryBytes: totalmem(),
          ...(isPrimary ? {} : { standby: this.#standby(node) }),
        }),
      answers: (port) => this.#answers(port),
    };
  }

  #standby(node: string): { primaryPort: number; slot: string; passwordFile: string } {
    return { primaryPort: this.primary.port, slot: slotOf(node), passwordFile: this.site.folder.passwordFile };
  }

  async #answers(port: number): Promise<boolean> {
    try {
      const endpoint = { ...this.adminEndpoint(port), database: "postgres" };
      await withConnection(endpoint, (client) => client.query("select 1"), { connectMs: 2_000, queryMs: 2_000 });
      return true;
    } catch {
      return false;
    }
  }
}
