import { cacheStatus, type Forwarding } from "./cache-status.ts";
import type { CachedRequest } from "./cached-request.ts";
import type { Fill } from "./fill.ts";
import type { FetchedHead, Reading } from "./fill-parties.ts";
import type { Said } from "./ready-answer.ts";
import type { StoredAnswer } from "./stored-answer.ts";

/** What is said of each way in which a request was dealt with: Age (RFC 9111 §5.1), Cache-Status (RFC 9211). */

export function hit(answer: StoredAnswer, now: number, outcome: "hit" | "stale"): Said {
  const ageMs = answer.ageMs(now);
  const ttl = Math.floor((answer.lifetimeMs - ageMs) / 1_000);
  return { outcome, said: `Age: ${Math.floor(ageMs / 1_000)}\r\nCache-Status: tenfold; hit; ttl=${ttl}\r\n` };
}

/** The origin was asked, and its answer is stored. */
export function missed(fill: Fill, head: FetchedHead, { request }: Reading, bornAt: number): Said {
  const isCollapsed = request !== fill.request;
  const handling = {
    hit: false,
    forwarded: why(fill),
    originStatus: head.status,
    isStored: true,
    isCollapsed,
  } as const;
  const ageMs = head.receivedAt - bornAt;
  // Of what comes right from its origin, there is nothing to say.
  const age = ageMs >= 1_000 ? `Age: ${Math.floor(ageMs / 1_000)}\r\n` : "";
  const asked = isCollapsed ? "collapsed" : "miss";
  return { outcome: head.isStoredElsewhere === true ? "hit" : asked, said: `${age}${line(handling)}` };
}

/** The origin was asked whether what is stored is still good, and has said so. */
export function revalidated(fill: Fill, answer: StoredAnswer, now: number, { request }: Reading): Said {
  const isCollapsed = request !== fill.request;
  const handling = { hit: false, forwarded: why(fill), originStatus: 304, isStored: true, isCollapsed } as const;
  return { outcome: "revalidated", said: `Age: ${Math.floor(answer.ageMs(now) / 1_000)}\r\n${line(handling)}` };
}

/** The origin was asked, and has failed. @param status of its answer, if there was one */
export function stoodIn(
  fill: Fill,
  answer: StoredAnswer,
  { now, status, request }: { now: number; status: number | undefined; request: CachedRequest },
): Said {
  const originStatus = status === undefined ? {} : { originStatus: status };
  const handling = { hit: false, forwarded: why(fill), ...originStatus, detail: "stale-if-error" } as const;
  const ageMs = answer.ageMs(now);
  // It may have been purged softly, which another cache that keeps it must not forget: to that one, its time is over.
  const age = request.isFellow ? Math.ceil(Math.max(ageMs, answer.lifetimeMs) / 1_000) : Math.floor(ageMs / 1_000);
  return { outcome: "stand-in", said: `Age: ${age}\r\n${line(handling)}` };
}

function why({ stored, request, isVariant }: Fill): Forwarding {
  if (stored === undefined) return isVariant ? "vary-miss" : "uri-miss";
  return request.view.directives.isNoCache || request.view.directives.maxAgeMs < Infinity ? "request" : "stale";
}

function line(handling: Parameters<typeof cacheStatus>[0]): string {
  return `Cache-Status: ${cacheStatus(handling)}\r\n`;
}
