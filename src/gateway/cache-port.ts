import type { ResolvedCache } from "../config/index.ts";

/** The stored answers that are meant, and what is to become of them: `hard`: they go; `soft`: they are stale. */
export type PurgeOrder = { readonly mode: "hard" | "soft" } & (
  | {
      readonly by: "url";
      /** In full, or from the path on: then of every host. */
      readonly url: string;
    }
  | { readonly by: "prefix"; readonly url: string }
  | { readonly by: "tag"; readonly tags: readonly string[] }
  | { readonly by: "all" }
);

export interface PurgeOutcome {
  /** How many answers it concerned; `undefined`: nobody has counted them. */
  readonly answers: number | undefined;
}

/** A request as a cache sees it. */
export interface CacheableRequest {
  readonly method: string;
  /** What `HttpCache.read` made of its fields. */
  readonly view: unknown;
  /** Name, value, name, value: as they came. */
  readonly fields: readonly string[];
  /** The service that would be asked. */
  readonly service: string;
  /** Without the path: `"http://a.example"`. */
  readonly origin: string;
  /** Path and query, as the service would be given them. */
  readonly target: string;
  readonly rules: ResolvedCache;
}

/** What the gateway asks of an HTTP cache. */
export interface HttpCache {
  purge(order: PurgeOrder): PurgeOutcome;
}
