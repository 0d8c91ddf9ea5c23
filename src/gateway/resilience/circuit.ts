import type { ResolvedCircuit } from "../../config/index.ts";

/**
 * Bounds on what one upstream may hold: a queue that can grow without end turns a slow upstream into a slow service, since
 * everyone in it waits longer than they are willing to. What exceeds a bound goes to another upstream or is answered 503 at
 * once, while there is still time to do something else.
 *
 * Source: Envoy, "Circuit breaking" (max_requests, max_pending_requests).
 */

/** Another request may be given to an upstream that has `inFlight`; the waiting ones are among them. */
export function canTakeRequest(inFlight: number, circuit: ResolvedCircuit): boolean {
  return inFlight < circuit.maxRequests;
}

/** Another request may wait for a connection to an upstream for which `pending` wait already. */
export function canWait(pending: number, circuit: ResolvedCircuit): boolean {
  return pending < circuit.maxPending;
}
