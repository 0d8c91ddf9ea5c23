import { post } from "./platform-api.ts";

/** What is to be purged; at least one kind of it. */
export interface PurgeRequest {
  /** Whole, `"https://shop.example/articles?page=2"`; or from the path on, `"/articles"`: then of every host. At most 256. */
  readonly urls?: readonly string[];
  /** What URLs begin with, in the same two forms: `"/articles/"`. At most 256. */
  readonly prefixes?: readonly string[];
  /** As answers name them by `Cache-Tag` or `Surrogate-Key`. At most 256. */
  readonly tags?: readonly string[];
  /** Everything; said alone. */
  readonly all?: true;
  /** What is purged counts as stale: it may still be given while a new one is fetched, or while the origin fails. Default `false`: it is gone. */
  readonly soft?: boolean;
}

export interface PurgeReport {
  /** How many stored answers it concerned, of all gateways together; missing: not counted. */
  readonly answers?: number;
  /** Those that have confirmed it. */
  readonly gateways: readonly string[];
  readonly tookMs: number;
}

export interface PurgeOptions {
  readonly signal?: AbortSignal;
  /** Default 30 seconds: longer than a gateway that hangs is waited for. */
  readonly deadlineMs?: number;
}

/**
 * Purges the HTTP cache of every gateway. When it resolves, each has confirmed it: nobody is served any more what was purged. So purge after the
 * change is committed, and answer the client after the purge.
 *
 * @example
 * await purge({ tags: [`article:${id}`], urls: ["/api/articles"] });
 *
 * @throws CACHE_PURGE_INCOMPLETE, when a gateway did not confirm; CACHE_PURGE_INVALID; SDK_OUTSIDE_TENFOLD, SDK_PLATFORM_UNREACHABLE,
 * SDK_PLATFORM_SILENT; as `code` of the error, which has the `fix`. What the signal was aborted with
 */
export async function purge(request: PurgeRequest, options: PurgeOptions = {}): Promise<PurgeReport> {
  return (await post("/api/purge", request, { deadlineMs: 30_000, ...options })) as PurgeReport;
}
