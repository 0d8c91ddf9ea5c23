/** Where statements go. */
import type { Cluster } from "../cluster/cluster.ts";
import type { Standby } from "../cluster/choose-node.ts";
import type { DatabaseNode } from "../cluster/node.ts";
import type { NodeFacts } from "../cluster/node-facts.ts";
import type { StatementBook } from "../statements/statement-book.ts";
import { Deadlines } from "./deadlines.ts";
import { type StatementCall, StatementRun } from "./statement-run.ts";

export interface RouterOptions {
  /** Nobody waits longer for a connection, or for a primary. */
  readonly waitMs: number;
  readonly replicaWaitMs: number;
}

export class Router {
  readonly cluster: Cluster;
  readonly book: StatementBook;
  readonly options: RouterOptions;
  readonly deadlines = new Deadlines();
  readonly #standbys: ReadonlyMap<DatabaseNode, Standby<DatabaseNode>>;

  constructor(cluster: Cluster, book: StatementBook, options: RouterOptions) {
    this.cluster = cluster;
    this.book = book;
    this.options = options;
    this.#standbys = new Map(cluster.nodes.map((node) => [node, viewOf(node, cluster)]));
  }

  /** Positions are of use to nobody where there is one server. */
  get hasStandbys(): boolean {
    return this.cluster.nodes.length > 1;
  }

  run(call: StatementCall): void {
    new StatementRun(this, call).begin();
  }

  standbys(): readonly Standby<DatabaseNode>[] {
    return this.cluster.election.standbys.map((node) => this.#standbys.get(node)!);
  }
}

/** Looked at only as far as the decision needs it. */
function viewOf(node: DatabaseNode, cluster: Cluster): Standby<DatabaseNode> {
  return {
    node,
    get facts(): NodeFacts {
      return node.facts!;
    },
    get ageMs(): number {
      return cluster.ageMs(node);
    },
    get lagMs(): number {
      return cluster.lagMs(node);
    },
    get load(): number {
      return node.load;
    },
  };
}
