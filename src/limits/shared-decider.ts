import { decideAway } from "./away/away-decider.ts";
import { WatchedStore } from "./away/watched-store.ts";
import { KeyCensus } from "./counting/key-census.ts";
import { keyText } from "./counting/limit-key.ts";
import type { Decision, DeciderFigures, DrawDecider, LimitDraw, StoreDraw } from "./decider.ts";
import type { Spent } from "./leasing/leased-key.ts";
import { LeaseTable } from "./leasing/lease-table.ts";
import { type Clock, systemClock } from "../kernel/index.ts";
import type { LimitStore, QuotaState, Verdict } from "./store.ts";
import { MemoryStore } from "./stores/memory.ts";

export interface SharedDeciderOptions {
  /** Keys of a limit that are told apart by this process, at most. Default: 100000 of each. */
  readonly maxKeysOf?: (limit: string) => number;
}

/** Decides by a store that is shared with other processes: some draws by leased tokens, some there; and without it, while it is away. */
export class SharedDecider implements DrawDecider {
  readonly #store: WatchedStore;
  readonly #leases: LeaseTable;
  /** For the time when the store is away. */
  readonly #local: MemoryStore;
  readonly #census: KeyCensus;
  readonly #clock: Clock;
  #gateways = 1;

  constructor(store: LimitStore, options: SharedDeciderOptions = {}, clock: Clock = systemClock) {
    this.#store = new WatchedStore(store, clock);
    this.#leases = new LeaseTable(this.#store, {}, clock);
    this.#local = new MemoryStore(options, clock);
    this.#census = new KeyCensus(options.maxKeysOf ?? (() => 100_000));
    this.#clock = clock;
  }

  get kind(): LimitStore["kind"] {
    return this.#store.kind;
  }

  decide(asked: readonly LimitDraw[]): Decision | Promise<Decision> {
    const now = this.#clock.monotonic();
    const draws = asked.map((draw) => {
      const { quota, amount, limit } = draw;
      return { key: this.#keyOf(draw, now), quota, amount, limit };
    });
    const verdict = this.#ask(draws);
    return verdict instanceof Promise ? verdict.then(toDecision, () => this.#decideAway(draws)) : toDecision(verdict);
  }

  share(gateways: number): void {
    this.#gateways = Math.max(1, gateways);
  }

  figures(): DeciderFigures {
    return this.#store.figures;
  }

  /** As far as this process has seen them. */
  keysOf(limit: string): number {
    return this.#census.sizeOf(limit);
  }

  async stop(): Promise<void> {
    this.#leases.stop();
    await this.#store.stop();
  }

  /**
   * The platform's table is bounded itself, and knows of all gateways who is refused: were he counted elsewhere by those that have no room for him,
   * he would have what is there as well.
   */
  #keyOf(draw: LimitDraw, now: number): string {
    const admitted = this.#census.admit(draw, draw.quota, now);
    return this.kind === "platform" ? keyText(draw) : admitted;
  }

  #ask(draws: readonly StoreDraw[]): PartVerdict | Promise<PartVerdict> {
    let exact = 0;
    for (const { limit } of draws) if (limit.mode === "exact") exact++;
    if (exact === 0) return this.#leases.decide(draws);
    return exact === draws.length ? this.#store.decide(draws) : this.#askBoth(draws);
  }

  /** What is leased is spent first: mostly that costs no call. It is put back when the store refuses the rest. */
  async #askBoth(draws: readonly StoreDraw[]): Promise<PartVerdict> {
    const spent: Spent[] = [];
    const isExact = ({ limit }: StoreDraw): boolean => limit.mode === "exact";
    const leased = await this.#leases.decide(
      draws.filter((draw) => !isExact(draw)),
      spent,
    );
    const exact = leased.isAdmitted ? await this.#askExact(draws.filter(isExact), spent) : undefined;
    const [leasedStates, exactStates] = [leased.states.values(), exact?.states.values()];
    const states = draws.map((draw) => (isExact(draw) ? exactStates : leasedStates)?.next().value);
    return { isAdmitted: exact?.isAdmitted === true, states };
  }

  async #askExact(draws: readonly StoreDraw[], spent: readonly Spent[]): Promise<Verdict> {
    let isAdmitted = false;
    try {
      const verdict = await this.#store.decide(draws);
      isAdmitted = verdict.isAdmitted;
      return verdict;
    } finally {
      if (!isAdmitted) this.#leases.putBack(spent);
    }
  }

  #decideAway(draws: readonly StoreDraw[]): Decision {
    return decideAway(draws, this.#gateways, (local) => this.#local.decide(local));
  }
}

interface PartVerdict {
  readonly isAdmitted: boolean;
  /** `undefined`: it was not asked, as others refused. */
  readonly states: readonly (QuotaState | undefined)[];
}

function toDecision({ isAdmitted, states }: PartVerdict): Decision {
  return { verdict: isAdmitted ? "admitted" : "exceeded", states, isDecidedAway: false };
}
