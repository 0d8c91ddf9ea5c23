/**
 * The way to a connection:
 *
 *     where? ─┬─► a standby that has what the session must see ──────────────► in line there ─► a place
 *        ▲    ├─► wait until one has it ─ in time ─► where?                            │
 *        │    │                         └ not in time ─┐                               │
 *        │    └─► the primary, or wait until there is one ◄┘                           │
 *        └──── what was true when it got in line is not any more: a promotion, a standby started anew
 *
 * Where, is `chooseNode`'s to say; here it is carried out. It ends by a deadline, whatever happens.
 */
import { chooseNode } from "../cluster/choose-node.ts";
import type { DatabaseNode } from "../cluster/node.ts";
import type { Consistency } from "../consistency.ts";
import { isConnectionTrouble, noPrimary } from "../errors.ts";
import type { Connection } from "../pool/connection.ts";
import type { Taker } from "../pool/pool.ts";
import type { Session } from "../sessions/session.ts";
import type { Router } from "./router.ts";

/** A connection that is ours until it is given back. */
export interface Place {
  readonly node: DatabaseNode;
  readonly connection: Connection;
  readonly isStandby: boolean;
  readonly epoch: number;
}

export interface Request {
  readonly mayUseStandby: boolean;
  readonly consistency: Consistency;
  readonly session: Session<DatabaseNode>;
  /** When it began: also of an earlier try. */
  readonly since: number;
  readonly signal: AbortSignal | undefined;
}

const retryMs = 50;

export class Acquire implements Taker {
  readonly deadlineAt: number;
  readonly #router: Router;
  readonly #request: Request;
  readonly #onEnd: (place: Place | undefined, error: Error | undefined) => void;
  #mayUseStandby: boolean;
  #node: DatabaseNode | undefined;
  #epoch = 0;
  #isOver = false;

  /** @param onEnd called once, with one of the two */
  constructor(router: Router, request: Request, onEnd: (place: Place | undefined, error: Error | undefined) => void) {
    this.#router = router;
    this.#request = request;
    this.#onEnd = onEnd;
    this.#mayUseStandby = request.mayUseStandby;
    this.deadlineAt = request.since + router.options.waitMs;
    request.signal?.addEventListener("abort", this.#abort, { once: true });
  }

  get since(): number {
    return this.#request.since;
  }

  begin(): void {
    if (this.#request.signal?.aborted === true) return this.#abort();
    if (this.#mayUseStandby) this.#toStandby();
    else this.#toPrimary();
  }

  onConnection(connection: Connection): void {
    const node = this.#node!;
    if (this.#isOver) return node.pool.release(connection);
    const isPrimary = node === this.#router.cluster.primary;
    if (!isPrimary && !this.#isReadable(node)) {
      node.pool.release(connection);
      return this.begin();
    }
    this.#end({ node, connection, isStandby: !isPrimary, epoch: node.facts?.epoch ?? 0 }, undefined);
  }

  onRefused(error: Error): void {
    // A standby that takes no connections is no reason to fail.
    const wasStandby = this.#node !== this.#router.cluster.primary;
    const isTrouble = isConnectionTrouble(error);
    if (this.#isOver || performance.now() >= this.deadlineAt || (!isTrouble && !wasStandby))
      return this.#end(undefined, error);
    this.#mayUseStandby &&= !wasStandby;
    // A server that starts, stops or is gone: what becomes of it, the watch will tell.
    if (isTrouble) setTimeout(() => this.#isOver || this.begin(), retryMs);
    else this.#toPrimary();
  }

  readonly #abort = (): void => {
    this.#node?.pool.leave(this);
    this.#end(undefined, this.#request.signal!.reason as Error);
  };

  #toStandby(): void {
    const { cluster, options } = this.#router;
    const { consistency, session } = this.#request;
    const choice = chooseNode({ ...session.mustSee, consistency }, this.#router.standbys(), options.replicaWaitMs);
    if (choice.kind === "standby") return this.#take(choice.node);
    if (choice.kind === "primary") return this.#toPrimary();
    const { nodes, floor } = choice;
    const deadlineAt = Math.min(this.deadlineAt, performance.now() + options.replicaWaitMs);
    cluster.whenReached({ nodes, floor, deadlineAt }, (node) => {
      if (this.#isOver) return;
      // Which of them, and whether it may show what was read elsewhere, is looked at anew.
      if (node === undefined) this.#mayUseStandby = false;
      this.begin();
    });
  }

  #toPrimary(): void {
    const { cluster } = this.#router;
    if (cluster.primary !== undefined) return this.#take(cluster.primary);
    cluster.whenPrimary(this.deadlineAt, (node) => {
      if (this.#isOver) return;
      if (node !== undefined) return this.#take(node);
      const failed = cluster.nodes.find(({ failure }) => failure !== undefined);
      const names = cluster.nodes.map(({ name }) => name);
      this.#end(undefined, noPrimary(performance.now() - this.since, names, failed?.failure));
    });
  }

  #take(node: DatabaseNode): void {
    this.#node = node;
    this.#epoch = node.facts?.epoch ?? 0;
    node.pool.take(this);
  }

  #isReadable(node: DatabaseNode): boolean {
    return (
      this.#mayUseStandby && this.#router.cluster.election.standbys.includes(node) && node.facts?.epoch === this.#epoch
    );
  }

  #end(place: Place | undefined, error: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#request.signal?.removeEventListener("abort", this.#abort);
    this.#onEnd(place, error);
  }
}
