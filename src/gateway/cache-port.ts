import type { ResolvedCache, ResolvedCompression } from "../config/index.ts";

/** A request as a cache sees it: GET or HEAD, without a body. */
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
  /** It is for another such cache, which is to have the answer as the service has sent it. */
  readonly isFellow: boolean;
}

/** How an answer was come by. */
export type CacheOutcome = "hit" | "stale" | "miss" | "collapsed" | "revalidated" | "stand-in" | "pass";

/** An answer as it is to be written: `statusLine`, what else this hop has to say, `said`, `text`, `body`. All text is latin1. */
export interface ReadyAnswer {
  readonly outcome: CacheOutcome;
  readonly status: number;
  /** With its CRLF, as all lines. */
  readonly statusLine: string;
  /** True of this moment alone. */
  readonly said: string;
  /** Field lines, the empty line, and, when there is no `body`, as much of a body as there is. */
  readonly text: string;
  readonly body: Buffer | undefined;
  readonly bodyBytes: number;
}

/** Whoever waits for an answer that is on its way. Is told one of the first five, once. */
export interface CacheReader {
  onReady(answer: ReadyAnswer): void;
  /** Its head: no body yet, and `text` without Content-Length when `length` is -1: not known. `onBody`, `onEnd` or `onBroken` follow. */
  onBegin(answer: ReadyAnswer, length: number): void;
  /** It is not for this request after all: the cache is to be asked again. */
  onAskAgain(): void;
  /** It is for this request alone, and not for the cache: it is to be taken over from whoever has fetched it. */
  onAlone(source: FillSource): void;
  /** It could not be fetched; in the source's own words. */
  onFailed(failure: unknown): void;
  /** @returns `false`: no more until `CacheFill.resume` */
  onBody(bytes: Buffer): boolean;
  onEnd(): void;
  /** The rest will not come. */
  onBroken(): void;
}

/** Who asks the service on behalf of a fill. */
export interface FillSource {
  /** There is room for more of the body. */
  resume(): void;
  /** Nobody waits for it now. What is not under way yet need not be; what is, goes on for those who come later. */
  onUnattended(): void;
  /** Nobody wants it any more. */
  abandon(): void;
}

export interface FetchedHead {
  readonly status: number;
  /** Name, value, name, value; without what ends at this hop. */
  readonly fields: readonly string[];
  /** Milliseconds since the epoch, both. */
  readonly requestedAt: number;
  readonly receivedAt: number;
  /** Of the body; -1: not known. */
  readonly length: number;
  /** Another gateway process had it: the service was not asked. */
  readonly isStoredElsewhere?: boolean;
}

/** An answer on its way into the cache, for those who wait for it. */
export interface AwaitedFill {
  /** Nobody has begun to fetch it: who is given this by the cache is to. */
  readonly isNew: boolean;
  join(reader: CacheReader, request: CacheableRequest): void;
  leave(reader: CacheReader): void;
  resume(reader: CacheReader): void;
}

/**
 * The same for who fetches it.
 *
 * What `onHead` says is to become of it: `take`: its body is wanted; `done`: it is not; `again`: the service is to be asked without
 * conditions; `alone`: a reader has been told to take it over, or nobody wants it.
 */
export interface FetchedFill {
  /** What its answer is stored under. */
  readonly key: string;
  /** Field lines that are added to the request. */
  readonly conditions: string;
  begin(source: FillSource): void;
  onHead(head: FetchedHead): "take" | "done" | "again" | "alone";
  /** Takes a copy. @returns `false`: no more until `resume` */
  onBytes(bytes: Buffer, from: number, to: number): boolean;
  /** What has come is all that will come at once. */
  deliver(): void;
  onEnd(): void;
  onFailed(failure: unknown): void;
}

export interface CacheFill extends AwaitedFill, FetchedFill {
  readonly kind: "fill";
}

/** What is to be done with a request. `behind`: a stale answer is to be asked about while the client has it. */
export type CacheVerdict =
  | { readonly kind: "ready"; readonly answer: ReadyAnswer; readonly behind: CacheFill | undefined }
  | CacheFill
  /** To be sent on as it is. */
  | { readonly kind: "pass"; readonly reason: string }
  /** Nothing is stored, and the client wants nothing else. */
  | { readonly kind: "unavailable" };

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

export interface CacheSettings {
  /** What it may hold. */
  readonly maxBytes: number;
  /** What of it is also held, and sent, in content codings. */
  readonly compression: ResolvedCompression;
}

export interface CacheFigures {
  /** What is stored, and what it takes. */
  readonly answers: number;
  readonly bytes: number;
  /** Given up because there was no room. */
  readonly evicted: number;
  /** On their way. */
  readonly arriving: number;
  /** Forms in content codings that were made of what is stored, and bytes that were not sent since they were. */
  readonly coded: number;
  readonly savedBytes: number;
  /** Requests that repeat and pass the cache by; those that would spare services most come first. */
  readonly worthCaching: readonly CachingCandidate[];
}

/** Requests of one kind that are not answered from the cache. */
export interface CachingCandidate {
  readonly service: string;
  /** Without the query, and with `:id` for ids. */
  readonly path: string;
  /** Why not: a name. */
  readonly reason: string;
  /** At least so many, of about so many URLs. */
  readonly requests: number;
  readonly urls: number;
  /** To the head of an answer, on average; not there: not known. */
  readonly upstreamMs?: number | undefined;
}

/** What the gateway asks of an HTTP cache. */
export interface HttpCache {
  configure(settings: CacheSettings): void;
  /** What a request's fields ask of a cache; the same fields ask the same. */
  read(fields: readonly string[]): unknown;
  ask(request: CacheableRequest): CacheVerdict;
  /** A request that may have changed something has been answered. @returns what was purged for it */
  invalidate(request: CacheableRequest, status: number, fields: readonly string[]): readonly PurgeOrder[];
  purge(order: PurgeOrder): PurgeOutcome;
  figures(): CacheFigures;
}
