import type { ResolvedTimeouts } from "../config/index.ts";
import { lingerMs } from "./linger.ts";

/**
 * Timeouts without timers: every exchange under way is looked at ten times a second. A byte in either direction only sets a
 * flag; when it came is known to the next look, which is as exact as timeouts of seconds need to be.
 */
export const lookEveryMs = 100;

export type Stage = "gathering" | "queued" | "awaiting" | "answering" | "tunnelling" | "lingering" | "finished";

/** A client that sends a small body more slowly than this, once the idle time is over, is cut. As Apache's mod_reqtimeout has it. */
const minBodyBytesPerSecond = 500;

/** Of an answer of the gateway's own to a request for which there is no service: how long a client may leave it unread. */
const unrouted: ResolvedTimeouts = { connectMs: 0, responseMs: 0, idleMs: 60_000, totalMs: 0 };

/** All times as `performance.now()`. */
export interface Watched {
  readonly stage: Stage;
  readonly startedAt: number;
  readonly attemptedAt: number;
  /** 0: the request is still on its way. */
  readonly sentAt: number;
  /** Of the body. */
  readonly bytesIn: number;
  /** When the client has said that it waits no longer; Infinity: it has not. */
  readonly deadlineAt: number;
  hasBeenActive: boolean;
  activeAt: number;
}

export interface Surroundings {
  /** Of the service; `undefined` before it is known. */
  readonly timeouts: ResolvedTimeouts | undefined;
  /** Under way; pending: it waits for a connection. */
  readonly attempt: { readonly isPending: boolean } | undefined;
  /** Of the request; blocked: there is more of it than the upstream takes. */
  readonly body: { readonly isBlocked: boolean } | undefined;
}

export type Overdue =
  | "linger"
  /** The client does not send its body. */
  | "client-stalled"
  | "timeout-total"
  | "timeout-connect"
  | "timeout-response"
  /** The answer stalls, at either end. */
  | "body";

/** What has taken too long, if anything. Takes note of activity. */
export function findOverdue(
  exchange: Watched,
  now: number,
  { timeouts, attempt, body }: Surroundings,
): Overdue | undefined {
  if (exchange.stage === "lingering") return now - exchange.activeAt > lingerMs ? "linger" : undefined;
  if (exchange.hasBeenActive) {
    exchange.hasBeenActive = false;
    exchange.activeAt = now;
  }
  if (exchange.stage === "tunnelling" || exchange.stage === "finished") return undefined;
  const { connectMs, responseMs, idleMs, totalMs } = timeouts ?? unrouted;
  if (totalMs > 0 && now - exchange.startedAt > totalMs) return "timeout-total";
  if (now > exchange.deadlineAt && exchange.stage === "awaiting") return "timeout-total";
  const isIdle = now - exchange.activeAt > idleMs;
  if (exchange.stage === "gathering") {
    // A byte now and then keeps a connection from being idle, and is how slow-body attacks hold it.
    const isTrickle = now - exchange.startedAt > idleMs + (exchange.bytesIn / minBodyBytesPerSecond) * 1_000;
    return isIdle || isTrickle ? "client-stalled" : undefined;
  }
  if (exchange.stage === "answering") return isIdle ? "body" : undefined;
  if (exchange.stage === "queued" || attempt === undefined) return undefined;
  if (attempt.isPending) return now - exchange.attemptedAt > connectMs ? "timeout-connect" : undefined;
  if (exchange.sentAt > 0) return now - exchange.sentAt > responseMs ? "timeout-response" : undefined;
  // The request is still on its way. When the upstream does not take what there is, it is the upstream that is slow.
  if (body?.isBlocked === true)
    return now - Math.max(exchange.activeAt, exchange.attemptedAt) > responseMs ? "timeout-response" : undefined;
  return isIdle ? "client-stalled" : undefined;
}
