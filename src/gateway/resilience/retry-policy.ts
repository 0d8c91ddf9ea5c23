import type { ResolvedRetries } from "../../config/index.ts";

/**
 * Whether a failed attempt may be tried on another upstream. Wrong retries are worse than none: an order placed twice, or an
 * answer that begins twice. So all of these must hold:
 *
 * - Nothing of an answer has gone to the client.
 * - The request can be sent whole again: it has no body, its body is still held, or not a byte of it was read.
 * - The request never reached an upstream, or its method is idempotent: doing it twice is, by definition, as good as once.
 *   A proxy must not repeat any other by itself (RFC 9110, section 9.2.2).
 *
 * An answer is an answer, whatever its status: a 503 is the service's own word, and repeating the request is the client's
 * decision. The retry budget has the last word (retry-budget.ts).
 */
export type AttemptFailure = keyof typeof consequences;

/** Whether the upstream may have acted on the request; `final`: whatever it did, another attempt is no use. */
type Consequence = "unsent" | "unknown" | "final";

const consequences = {
  /** The connection was refused, or could not be made. */
  connect: "unsent",
  /** The upstream did not accept the connection in time. */
  "timeout-connect": "unsent",
  /** The upstream is full (circuit.ts). */
  overflow: "unsent",
  /** The connection ended before the head of the answer was complete. */
  reset: "unknown",
  /** So did a connection that had been idle before: the upstream had most likely closed it already. */
  stale: "unknown",
  /** The head of the answer did not come in time. */
  "timeout-response": "unknown",
  /** The upstream was declared unhealthy, or left, while its answer was awaited. */
  "upstream-gone": "unknown",
  /** What came is not HTTP. */
  malformed: "final",
  /** The answer's body broke off or stalled. */
  body: "final",
  /** The client left, or its body broke off. */
  "client-gone": "final",
  /** The time for the whole exchange is used up. */
  "timeout-total": "final",
} as const satisfies Record<string, Consequence>;

export interface FailedAttempt {
  readonly method: string;
  readonly failure: AttemptFailure;
  readonly isBodyReplayable: boolean;
  /** Something of an answer has gone to the client. */
  readonly hasAnswered: boolean;
  /** 1 for the first. */
  readonly attempt: number;
}

export function isRetriable(failed: FailedAttempt, retries: ResolvedRetries | false): boolean {
  if (retries === false || failed.attempt >= retries.attempts) return false;
  if (failed.hasAnswered || !failed.isBodyReplayable) return false;
  const consequence: Consequence = consequences[failed.failure];
  return consequence === "unsent" || (consequence === "unknown" && isIdempotent(failed.method));
}

const idempotentMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** RFC 9110, section 9.2.2. Methods are case-sensitive. */
export function isIdempotent(method: string): boolean {
  return idempotentMethods.has(method);
}
