import { DistinctCount } from "./distinct-count.ts";
import { pathShape } from "./path-shape.ts";
import type { PassReason } from "./pass-reason.ts";

/** Requests of one kind that repeat, and are not answered from the cache. */
export interface CachingCandidate {
  readonly service: string;
  /** `pathShape`. */
  readonly path: string;
  /** Why not. */
  readonly reason: PassReason;
  /** At least so many. */
  readonly requests: number;
  /** Of about so many URLs. */
  readonly urls: number;
  /** To the head of an answer, on average; `undefined`: not known. */
  readonly upstreamMs: number | undefined;
}

/** What was passed, as far as it matters here. */
export interface PassedRequest {
  readonly service: string;
  readonly origin: string;
  readonly target: string;
}

/** A kind of requests, while it is counted. */
export interface Spot {
  readonly service: string;
  readonly path: string;
  readonly reason: PassReason;
  requests: number;
  /** Of them, those that may have been others': of the kind whose place this one has taken. */
  readonly uncertain: number;
  readonly urls: DistinctCount;
  totalMs: number;
  timed: number;
  seenAt: number;
  /** Another kind has taken its place. */
  isGone: boolean;
}

export interface WorthCachingOptions {
  /** Kinds that are counted at a time. */
  readonly spots?: number;
  /** Of them, so many are listed at most. */
  readonly listed?: number;
  /** What was not seen for so long is not listed. */
  readonly forMs?: number;
}

const defaults = { spots: 128, listed: 10, forMs: 600_000 };

/**
 * The kinds of requests that pass the cache most often, in little memory, however many kinds there are: each has a counter, and when there is
 * none left, a new kind takes that of the least frequent, and its count along (Space-Saving: Metwally, Agrawal, El Abbadi 2005). So what is
 * frequent is never missed, and how much of a count may be others' is known.
 */
export class WorthCaching {
  readonly #options: Required<WorthCachingOptions>;
  readonly #spots = new Map<string, Spot>();

  constructor(options: WorthCachingOptions = {}) {
    this.#options = { ...defaults, ...options };
  }

  /** A request was answered, and the answer was not for the cache. @param tookMs `undefined`: not known. @param now milliseconds since the epoch */
  note(request: PassedRequest, reason: PassReason, tookMs: number | undefined, now: number): Spot {
    const spot = this.#spot(request.service, pathShape(request.target), reason);
    spot.requests++;
    spot.urls.add(request.origin + request.target);
    spot.seenAt = now;
    if (tookMs !== undefined) {
      spot.totalMs += tookMs;
      spot.timed++;
    }
    return spot;
  }

  /** Another one of the same, for which nobody asked the cache's opinion. @returns where the next is to be counted */
  count(spot: Spot): Spot {
    const present = spot.isGone ? this.#spot(spot.service, spot.path, spot.reason) : spot;
    present.requests++;
    if (present !== spot) present.seenAt = spot.seenAt;
    return present;
  }

  /** What would have spared services most comes first; only what comes again at all is of interest. */
  list(now: number): CachingCandidate[] {
    const { forMs, listed } = this.#options;
    const fresh = [...this.#spots.values()].filter(({ seenAt }) => now - seenAt < forMs);
    return fresh
      .map(toCandidate)
      .filter(({ requests, urls }) => requests >= 2 * urls)
      .toSorted((a, b) => sparedMs(b) - sparedMs(a))
      .slice(0, listed);
  }

  #spot(service: string, path: string, reason: PassReason): Spot {
    const name = `${reason} ${service} ${path}`;
    const known = this.#spots.get(name);
    if (known !== undefined) return known;
    const count = this.#spots.size < this.#options.spots ? 0 : this.#giveUpLeast();
    const spot: Spot = {
      service,
      path,
      reason,
      requests: count,
      uncertain: count,
      urls: new DistinctCount(),
      totalMs: 0,
      timed: 0,
      seenAt: 0,
      isGone: false,
    };
    this.#spots.set(name, spot);
    return spot;
  }

  #giveUpLeast(): number {
    let least: Spot | undefined;
    let leastName = "";
    for (const [name, spot] of this.#spots) {
      if (least !== undefined && spot.requests >= least.requests) continue;
      least = spot;
      leastName = name;
    }
    this.#spots.delete(leastName);
    least!.isGone = true;
    return least!.requests;
  }
}

function toCandidate({ service, path, reason, requests, uncertain, urls, totalMs, timed }: Spot): CachingCandidate {
  const certain = requests - uncertain;
  const upstreamMs = timed === 0 ? undefined : totalMs / timed;
  return { service, path, reason, requests: certain, urls: Math.max(1, urls.estimate), upstreamMs };
}

/** Had each URL been asked for once. The clock does not see what takes less than a millisecond, yet it costs something. */
function sparedMs({ requests, urls, upstreamMs = 1 }: CachingCandidate): number {
  return (requests - urls) * Math.max(1, upstreamMs);
}
