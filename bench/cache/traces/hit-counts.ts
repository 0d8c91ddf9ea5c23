import type { Figures } from "../../support/target.ts";
import type { Trace, TraceRequest } from "./trace.ts";

/** What of a trace was in a cache. What belongs to a scan is not counted; it only runs through. */
export class HitCounts {
  #requests = 0;
  #hits = 0;
  #bytes = 0;
  #hitBytes = 0;

  count({ bytes, isScan }: TraceRequest, isHit: boolean): void {
    if (isScan) return;
    this.#requests++;
    this.#bytes += bytes;
    if (!isHit) return;
    this.#hits++;
    this.#hitBytes += bytes;
  }

  figures(): Figures {
    return { hitPercent: (this.#hits / this.#requests) * 100, byteHitPercent: (this.#hitBytes / this.#bytes) * 100 };
  }
}

/** A cache that gives up what was used least recently, and counts nothing but bodies. */
export function lruHits({ requests, countedFrom }: Trace, cacheBytes: number): Figures {
  const held = new Map<string, number>();
  const counts = new HitCounts();
  let bytes = 0;
  for (const [at, request] of requests.entries()) {
    const isHit = held.delete(request.path);
    if (!isHit) bytes += request.bytes;
    held.set(request.path, request.bytes);
    while (bytes > cacheBytes) {
      const [oldest, size] = held.entries().next().value!;
      held.delete(oldest);
      bytes -= size;
    }
    if (at >= countedFrom) counts.count(request, isHit);
  }
  return counts.figures();
}
