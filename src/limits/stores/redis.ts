import { hash } from "node:crypto";
import type { Quota } from "../../config/index.ts";
import type { Draw, Lease, LeaseOrder, LimitStore, QuotaState, Verdict } from "../store.ts";
import { RedisConnection } from "./redis/redis-connection.ts";
import { decideScript, leaseScript } from "./redis/scripts.ts";

export interface RedisStoreOptions {
  /** `redis://`, `rediss://` or `unix://`. */
  readonly url: string;
  /** Of its keys. */
  readonly prefix: string;
  /** What is not answered by then has failed. */
  readonly deadlineMs?: number;
  /** For replays: another time than that of Redis, in milliseconds. */
  readonly now?: () => number;
}

export const redisStoreDefaults = { deadlineMs: 100 } as const;

/**
 * Counts in Redis, for all who use the same: a decision, or the leases of a turn, are one call of one script there, by its clock. Keys expire
 * when they say no more than none would. All keys of a decision must be on one server: of a cluster, give the prefix a hash tag.
 */
export class RedisStore implements LimitStore {
  readonly kind = "redis";
  readonly #options: RedisStoreOptions;
  readonly #connection: RedisConnection;

  /** Connects in the background. @throws LIMITS_STORE_ADDRESS */
  constructor(options: RedisStoreOptions) {
    this.#options = { ...redisStoreDefaults, ...options };
    this.#connection = new RedisConnection(options.url, options.deadlineMs ?? redisStoreDefaults.deadlineMs);
  }

  /** Resolves when it is connected for the first time. Nobody needs to wait for it. */
  get connected(): Promise<void> {
    return this.#connection.connected;
  }

  decide(draws: readonly Draw[]): Promise<Verdict> {
    const args = [this.#now()];
    for (const { quota, amount } of draws) args.push(...quotaArgs(quota), String(amount));
    return this.#connection.run(decideScript, this.#keys(draws), args).then((said) => {
      const answer = toNumbers(said);
      return { isAdmitted: answer[0] === 1, states: draws.map((_, i) => stateAt(answer, 1 + 3 * i)) };
    });
  }

  async lease(orders: readonly LeaseOrder[]): Promise<Lease[]> {
    const args = [this.#now()];
    for (const { quota, amount, holdMs, returned } of orders) {
      args.push(...quotaArgs(quota), String(amount), String(holdMs));
      args.push(String(returned?.stamp ?? 0), String(returned?.amount ?? 0));
    }
    const answer = toNumbers(await this.#connection.run(leaseScript, this.#keys(orders), args));
    return orders.map((_, i) => ({
      granted: answer[5 * i]!,
      stamp: answer[5 * i + 1]!,
      state: stateAt(answer, 5 * i + 2),
    }));
  }

  stop(): Promise<void> {
    return this.#connection.stop();
  }

  #keys(asked: readonly { readonly key: string }[]): string[] {
    return asked.map(({ key }) => this.#options.prefix + blind(key));
  }

  #now(): string {
    const { now } = this.#options;
    return now === undefined ? "" : String(now());
  }
}

/** Callers are known by API keys, session cookies and addresses: who reads what is in Redis is to learn none of them. */
function blind(key: string): string {
  const end = key.indexOf("|") + 1;
  return key.slice(0, end) + hash("sha256", key.slice(end), "base64url");
}

function quotaArgs({ algorithm, count, windowMs, burst }: Quota): string[] {
  return [algorithm === "gcra" ? "g" : "s", String(count), String(windowMs), String(burst)];
}

function toNumbers(answer: string): number[] {
  return answer.split(" ").map(Number);
}

function stateAt(answer: readonly number[], at: number): QuotaState {
  const retryAfterMs = answer[at + 2]!;
  return {
    remaining: answer[at]!,
    resetMs: answer[at + 1]!,
    retryAfterMs: retryAfterMs < 0 ? Infinity : retryAfterMs,
  };
}
