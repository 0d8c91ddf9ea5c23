import type { Draw, Lease, LeaseOrder, LimitStore, Verdict } from "../store.ts";
import { limitStoreRefused } from "./errors.ts";
import { KeptConnection } from "./kept-connection.ts";
import { type Answer, packDraw, packOrder, type Question, unpackLease, unpackVerdict } from "./platform/message.ts";
import { describePlatform, StoreConnection } from "./platform/store-connection.ts";

export interface PlatformStoreOptions {
  /** Of the unix socket at which a `LimitStoreServer` listens. */
  readonly path: string;
  /** What is not answered by then has failed. */
  readonly deadlineMs?: number;
}

export const platformStoreDefaults = { deadlineMs: 100 } as const;

/** Counts in the platform's own memory, for all gateway processes of a machine. */
export class PlatformStore implements LimitStore {
  readonly kind = "platform";
  readonly #where: string;
  readonly #kept: KeptConnection<StoreConnection>;

  /** Connects in the background. */
  constructor(options: PlatformStoreOptions) {
    const { path, deadlineMs } = { ...platformStoreDefaults, ...options };
    this.#where = describePlatform(path);
    this.#kept = new KeptConnection({
      where: this.#where,
      deadlineMs,
      connect: (signal) => StoreConnection.open(path, () => this.#kept.heard(), signal),
    });
  }

  /** Resolves when it is connected for the first time. Nobody needs to wait for it. */
  get connected(): Promise<void> {
    return this.#kept.connected;
  }

  decide(draws: readonly Draw[]): Promise<Verdict> {
    return this.#ask("decide", draws.map(packDraw)).then((answer) => {
      if (answer[1] === "decided") return unpackVerdict(answer[2], answer[3]);
      throw this.#explain(answer);
    });
  }

  async lease(orders: readonly LeaseOrder[]): Promise<Lease[]> {
    const answer = await this.#ask("lease", orders.map(packOrder));
    if (answer[1] === "leased") return answer[2].map(unpackLease);
    throw this.#explain(answer);
  }

  stop(): Promise<void> {
    this.#kept.stop();
    return Promise.resolve();
  }

  #ask(kind: Question[1], items: Question[2]): Promise<Answer> {
    return this.#kept.ask((connection) => connection.ask(kind, items));
  }

  #explain(answer: Answer): Error {
    return limitStoreRefused(this.#where, answer[1] === "failed" ? answer[2] : "it answers something else");
  }
}
