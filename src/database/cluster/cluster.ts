/**
 * All servers of one database together: which is the primary, which may be read, which is fenced; and waiting for that to change. Nobody tells it who they
 * are: URLs name servers, and what role each has is what it says itself. So a promotion is followed without a word to anybody.
 */
import { type Clock, type Runnable, systemClock } from "../../kernel/index.ts";
import { hasReached, type Position } from "../lsn.ts";
import { elect, type Election } from "./elect.ts";
import type { DatabaseNode, OnHeard } from "./node.ts";
import { WalClock } from "./wal-clock.ts";

export interface ClusterOptions {
  /** Each server is asked so often while all is well. */
  readonly watchMs: number;
  /** And so often while there is no primary, or somebody waits for a standby. */
  readonly urgentMs: number;
}

interface Wait {
  /** Who is asked for it. */
  readonly nodes: readonly DatabaseNode[];
  readonly deadlineAt: number;
  readonly find: () => DatabaseNode | undefined;
  /** Called once. `undefined`: it was not found in time. */
  readonly onEnd: (node: DatabaseNode | undefined) => void;
}

interface Waiter extends Wait {
  readonly timer: NodeJS.Timeout;
}

export interface Goal {
  readonly nodes: readonly DatabaseNode[];
  readonly floor: Position;
  readonly deadlineAt: number;
}

/** Told of what people should know. */
export type OnChange = (election: Election<DatabaseNode>) => void;

export class Cluster implements Runnable {
  readonly nodes: readonly DatabaseNode[];
  readonly #options: ClusterOptions;
  readonly #onChange: OnChange;
  readonly #clock: Clock;
  readonly #walClock = new WalClock();
  readonly #waiters = new Set<Waiter>();
  #election: Election<DatabaseNode>;
  #system: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isUrgent = false;
  #isStarted = false;

  /** @param create makes the servers, which tell it what they hear */
  constructor(
    options: ClusterOptions,
    create: (onHeard: OnHeard) => readonly DatabaseNode[],
    onChange: OnChange,
    clock: Clock = systemClock,
  ) {
    this.#options = options;
    this.#onChange = onChange;
    this.#clock = clock;
    this.nodes = create((node) => this.#hear(node));
    this.#election = elect(this.nodes, { system: undefined, timeline: 0 });
  }

  /** Asks all once; which of them answer is another matter. */
  async start(): Promise<void> {
    if (this.#isStarted) return;
    this.#isStarted = true;
    await Promise.all(this.nodes.map((node) => node.ask()));
    this.#watch();
  }

  async stop(): Promise<void> {
    this.#isStarted = false;
    clearTimeout(this.#timer);
    for (const waiter of this.#waiters) this.#end(waiter, undefined);
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  get primary(): DatabaseNode | undefined {
    return this.#election.primary;
  }

  get election(): Election<DatabaseNode> {
    return this.#election;
  }

  /** Decimal; of the first primary that was heard. */
  get system(): string | undefined {
    return this.#system;
  }

  /** By how much it was behind when it was last asked. Milliseconds. */
  lagMs({ facts }: DatabaseNode): number {
    return facts === undefined ? Infinity : this.#walClock.lagMs(facts.reached, facts.askedAt);
  }

  /** How old what a server shows may be. Infinity: not known. Milliseconds. */
  ageMs({ facts }: DatabaseNode): number {
    return facts === undefined ? Infinity : this.#walClock.ageMs(facts.reached, this.#clock.monotonic());
  }

  /** Something is known to be there. @param sentAt when the question was sent that was answered so */
  mark(position: Position, sentAt: number): void {
    this.#walClock.mark(position, sentAt);
    this.heed(position);
  }

  /** Somebody has heard of this timeline. If nobody here has, there is a new primary somewhere, and the one that is known must not be written any more. */
  heed({ timeline }: Position): void {
    if (timeline <= this.#election.timeline) return;
    this.#elect(timeline);
    for (const node of this.nodes) void node.ask();
  }

  whenPrimary(deadlineAt: number, onEnd: Wait["onEnd"]): void {
    this.#wait({ nodes: this.nodes, deadlineAt, find: () => this.#election.primary, onEnd });
  }

  /** The first of these standbys to get there. */
  whenReached({ nodes, floor, deadlineAt }: Goal, onEnd: Wait["onEnd"]): void {
    const isThere = (node: DatabaseNode): boolean =>
      this.#election.standbys.includes(node) && hasReached(node.facts!.reached, floor);
    this.#wait({ nodes, deadlineAt, find: () => nodes.find(isThere), onEnd });
  }

  #wait(wait: Wait): void {
    const found = wait.find();
    const leftMs = wait.deadlineAt - this.#clock.monotonic();
    if (found !== undefined || leftMs <= 0) return wait.onEnd(found);
    const waiter: Waiter = { ...wait, timer: setTimeout(() => this.#end(waiter, undefined), leftMs) };
    this.#waiters.add(waiter);
    if (!this.#isUrgent) this.#watch();
  }

  #end(waiter: Waiter, node: DatabaseNode | undefined): void {
    clearTimeout(waiter.timer);
    if (this.#waiters.delete(waiter)) waiter.onEnd(node);
  }

  #hear(node: DatabaseNode): void {
    const { facts } = node;
    if (facts?.role === "primary") {
      this.#system ??= facts.system;
      this.#walClock.mark(facts.reached, facts.askedAt);
    }
    this.#elect(this.#election.timeline);
    for (const waiter of this.#waiters) {
      const found = waiter.find();
      if (found !== undefined) this.#end(waiter, found);
    }
  }

  #elect(timeline: number): void {
    const before = this.#election;
    const next = elect(this.nodes, { system: this.#system, timeline });
    this.#election = next;
    for (const node of next.fenced.keys()) if (!before.fenced.has(node)) node.fence();
    const isSame =
      before.primary === next.primary &&
      before.standbys.length === next.standbys.length &&
      before.standbys.every((each) => next.standbys.includes(each)) &&
      before.fenced.size === next.fenced.size;
    if (!isSame) this.#onChange(next);
  }

  /** One round of questions after the other: more often while somebody waits. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (!this.#isStarted && this.#waiters.size === 0) return;
    const { watchMs, urgentMs } = this.#options;
    this.#isUrgent = this.#waiters.size > 0;
    if (!this.#isUrgent && this.nodes.length === 1) return;
    this.#timer = setTimeout(() => void this.#look(), this.#isUrgent ? urgentMs : watchMs);
    if (!this.#isUrgent) this.#timer.unref();
  }

  async #look(): Promise<void> {
    const wanted = this.#isUrgent ? new Set([...this.#waiters].flatMap(({ nodes }) => nodes)) : this.nodes;
    // One that is silent does not keep the others from being asked again.
    await Promise.any([...wanted].map((node) => node.ask())).catch(() => undefined);
    this.#watch();
  }
}
