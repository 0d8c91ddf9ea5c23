import { createLocalJWKSet, errors, type FlattenedJWSInput, type JSONWebKeySet, type JWTHeaderParameters } from "jose";
import { fetch, type Response } from "undici";
import { type Clock, systemClock } from "../../kernel/index.ts";

type KeySet = ReturnType<typeof createLocalJWKSet>;

export interface RemoteKeysOptions {
  /** Whoever waits for the keys waits no longer. */
  readonly timeoutMs: number;
  /** They are fetched again when they are so old; and go on to count when they cannot be. */
  readonly maxAgeMs: number;
  /** When a token names a key that is not among them, they may have changed: fetched again, but no sooner than so long after the last time. */
  readonly cooldownMs: number;
  /** After a failure nobody asks for so long. */
  readonly pauseMs: number;
}

export const remoteKeysDefaults: RemoteKeysOptions = {
  timeoutMs: 2_000,
  maxAgeMs: 600_000,
  cooldownMs: 30_000,
  pauseMs: 5_000,
};

const maxBytes = 1_048_576;

/** The keys that an issuer publishes (RFC 7517, section 5), fetched once for all who wait. */
export class RemoteKeys {
  readonly #url: string;
  readonly #options: RemoteKeysOptions;
  readonly #clock: Clock;
  #keys: KeySet | undefined;
  #fetchedAt = -Infinity;
  #failedAt = -Infinity;
  #fetching: Promise<void> | undefined;

  constructor(url: string, options: Partial<RemoteKeysOptions> = {}, clock: Clock = systemClock) {
    this.#url = url;
    this.#options = { ...remoteKeysDefaults, ...options };
    this.#clock = clock;
  }

  /** @throws when there are none yet, and none can be had now; or when none of them is meant */
  async find(header: JWTHeaderParameters, token: FlattenedJWSInput): ReturnType<KeySet> {
    const { maxAgeMs, cooldownMs } = this.#options;
    if (this.#keys === undefined) await this.#refresh();
    // Old keys are used until new ones are here.
    else if (this.#age() >= maxAgeMs) this.#refresh().catch(() => {});
    if (this.#keys === undefined) throw new KeysAway(this.#url);
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || this.#age() < cooldownMs) throw error;
      await this.#refresh();
      return this.#keys(header, token);
    }
  }

  #age(): number {
    return this.#clock.monotonic() - this.#fetchedAt;
  }

  #refresh(): Promise<void> {
    if (this.#clock.monotonic() - this.#failedAt < this.#options.pauseMs)
      return Promise.reject(new KeysAway(this.#url));
    this.#fetching ??= this.#fetch()
      .catch((error: unknown) => {
        this.#failedAt = this.#clock.monotonic();
        throw new KeysAway(this.#url, error);
      })
      .finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    const signal = AbortSignal.timeout(this.#options.timeoutMs);
    const response = await fetch(this.#url, { signal, redirect: "error", headers: { accept: "application/json" } });
    if (!response.ok) throw new Error(`${this.#url} answers ${response.status}`);
    this.#keys = createLocalJWKSet(JSON.parse(await readText(response)) as JSONWebKeySet);
    this.#fetchedAt = this.#clock.monotonic();
  }
}

/** It says nothing of the token that its key cannot be looked up. */
export class KeysAway extends Error {
  constructor(url: string, cause?: unknown) {
    super(`the keys at ${url} cannot be fetched`, { cause });
  }
}

async function readText(response: Response): Promise<string> {
  let [text, bytes] = ["", 0];
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > maxBytes) throw new Error("too long for a set of keys");
    text += decoder.decode(chunk as Uint8Array, { stream: true });
  }
  return text;
}
