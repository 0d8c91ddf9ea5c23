import type { ResolvedCache } from "../config/index.ts";
import { fieldValue, parseHttpDate } from "../http/index.ts";
import { type AnswerPolicy, readAnswerPolicy } from "./answer-policy.ts";
import { mayBeGivenLifetime } from "./storability.ts";

/** The terms on which an answer is kept: what it says itself, and the config where it is silent. */
export interface AnswerTerms {
  readonly policy: AnswerPolicy;
  readonly lifetimeMs: number;
}

export interface ReadAnswer {
  readonly status: number;
  /** Name, value, name, value. */
  readonly raw: readonly string[];
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** Most answers of an origin say the same: they share what was read of it. */
const maxKnown = 256;

/** Reads what answers say of their being stored, under one set of rules. */
export class TermsReader {
  readonly #rules: ResolvedCache;
  readonly #known = new Map<string, AnswerPolicy>();

  constructor(rules: ResolvedCache) {
    this.#rules = rules;
  }

  read(answer: ReadAnswer): AnswerTerms {
    const policy = this.#policy(answer);
    return { policy, lifetimeMs: policy.lifetimeMs ?? this.#givenLifetimeMs(answer, policy) };
  }

  #policy({ raw, receivedAt }: ReadAnswer): AnswerPolicy {
    // What Expires means depends on when it was said.
    if (fieldValue(raw, "expires") !== undefined) return readAnswerPolicy(raw, receivedAt, this.#rules);
    const hasCacheStatus = fieldValue(raw, "cache-status") !== undefined;
    const said = controlFields.map((name) => fieldValue(raw, name) ?? "").join("\n") + String(hasCacheStatus);
    let policy = this.#known.get(said);
    if (policy === undefined) {
      if (this.#known.size >= maxKnown) this.#known.clear();
      policy = readAnswerPolicy(raw, receivedAt, this.#rules);
      this.#known.set(said, policy);
    }
    return policy;
  }

  #givenLifetimeMs({ status, raw, receivedAt }: ReadAnswer, policy: AnswerPolicy): number {
    const { ttlMs, heuristicMaxMs } = this.#rules;
    if (!mayBeGivenLifetime(status, policy)) return 0;
    if (ttlMs !== undefined) return ttlMs;
    if (heuristicMaxMs === undefined) return 0;
    const modified = parseHttpDate(fieldValue(raw, "last-modified") ?? "", receivedAt);
    const date = parseHttpDate(fieldValue(raw, "date") ?? "", receivedAt) ?? receivedAt;
    return modified === undefined ? 0 : Math.min(heuristicMaxMs, Math.max(0, date - modified) * 0.1);
  }
}

const controlFields = ["tenfold-cdn-cache-control", "cdn-cache-control", "cache-control"];
