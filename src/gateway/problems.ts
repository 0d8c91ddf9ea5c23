import type { Problem } from "../http/index.ts";
import type { AttemptFailure } from "./resilience/retry-policy.ts";

/**
 * The answers the gateway gives itself. Codes are stable; details say what a client can know and do, never what is behind
 * the gateway.
 */
export const badRequest = (detail: string): Problem => ({ status: 400, code: "GATEWAY_BAD_REQUEST", detail });

export const notHttp = badRequest("The bytes received are not a valid HTTP/1.1 request.");
export const noRoute: Problem = {
  status: 404,
  code: "GATEWAY_NO_ROUTE",
  detail: "No service answers at this host and path.",
};
export const headTimeout: Problem = {
  status: 408,
  code: "GATEWAY_HEAD_TIMEOUT",
  detail: "The request's head did not arrive in time.",
};
export const bodyTimeout: Problem = {
  status: 408,
  code: "GATEWAY_BODY_TIMEOUT",
  detail: "The request's body stalled.",
};
export const clientStalled: Problem = {
  status: 408,
  code: "GATEWAY_CLIENT_STALLED",
  detail: "The answer was not read.",
};
export const bodyTooLarge: Problem = {
  status: 413,
  code: "GATEWAY_BODY_TOO_LARGE",
  detail: "The request's body exceeds the limit.",
};
export const targetTooLong: Problem = {
  status: 414,
  code: "GATEWAY_TARGET_TOO_LONG",
  detail: "The request's target exceeds the limit.",
};
export const expectationFailed: Problem = {
  status: 417,
  code: "GATEWAY_EXPECTATION_FAILED",
  detail: "The only expectation met here is 100-continue.",
};
export const headTooLarge: Problem = {
  status: 431,
  code: "GATEWAY_HEAD_TOO_LARGE",
  detail: "The request's header section exceeds the limit.",
};
export const connectRefused: Problem = {
  status: 501,
  code: "GATEWAY_CONNECT_REFUSED",
  detail: "This is no forward proxy: CONNECT is not served.",
};
export const transferCodingUnknown: Problem = {
  status: 501,
  code: "GATEWAY_TRANSFER_CODING_UNKNOWN",
  detail: "The only transfer coding understood is chunked.",
};
export const versionUnsupported: Problem = {
  status: 505,
  code: "GATEWAY_VERSION_UNSUPPORTED",
  detail: "The version understood is HTTP/1.1.",
};
export const upstreamUnreachable: Problem = {
  status: 502,
  code: "GATEWAY_UPSTREAM_UNREACHABLE",
  detail: "The service could not be reached.",
};
export const notStored: Problem = {
  status: 504,
  code: "GATEWAY_NOT_STORED",
  detail: "Nothing that is stored answers this, and the request wants nothing else (only-if-cached).",
};
export const connectTimeout: Problem = {
  status: 504,
  code: "GATEWAY_CONNECT_TIMEOUT",
  detail: "The service did not accept the connection in time.",
};
export const upstreamFailed: Problem = {
  status: 502,
  code: "GATEWAY_UPSTREAM_FAILED",
  detail: "The service ended the connection, or its answer was not valid HTTP.",
};
export const noUpstream: Problem = {
  status: 503,
  code: "GATEWAY_NO_UPSTREAM",
  detail: "The service has no instance that is ready.",
};
export const upstreamOverloaded: Problem = {
  status: 503,
  code: "GATEWAY_UPSTREAM_OVERLOADED",
  detail: "The service has as many requests as it may be given.",
};
/** @param limits names of those that are exceeded */
export const limitExceeded = (limits: readonly string[], retryAfterSeconds: number): Problem => ({
  status: 429,
  code: "GATEWAY_LIMIT_EXCEEDED",
  detail: "More was asked than the limit allows.",
  // draft-ietf-httpapi-ratelimit-headers-10
  type: "https://iana.org/assignments/http-problem-types#quota-exceeded",
  retryAfterSeconds,
  members: { "violated-policies": limits },
});
export const limitAway = (retryAfterSeconds: number): Problem => ({
  status: 503,
  code: "GATEWAY_LIMIT_STORE_AWAY",
  detail: "Whether the limit allows this cannot be found out now.",
  retryAfterSeconds,
});
export const overloaded = (retryAfterSeconds: number): Problem => ({
  status: 503,
  code: "GATEWAY_OVERLOADED",
  detail: "The service has as much to do as it can.",
  retryAfterSeconds,
});
export const deadlineUnmeetable = (retryAfterSeconds: number): Problem => ({
  status: 503,
  code: "GATEWAY_DEADLINE_UNMEETABLE",
  detail: "The service has so much to do that an answer would come too late.",
  retryAfterSeconds,
});
export const upstreamTimeout: Problem = {
  status: 504,
  code: "GATEWAY_UPSTREAM_TIMEOUT",
  detail: "The service did not answer in time.",
};
export const totalTimeout: Problem = {
  status: 504,
  code: "GATEWAY_TOTAL_TIMEOUT",
  detail: "The exchange took longer than it may.",
};

/** What a client is told when the last attempt failed. */
export function ofFailure(failure: AttemptFailure): Problem {
  return byFailure[failure] ?? upstreamFailed;
}

const byFailure: Partial<Record<AttemptFailure, Problem>> = {
  connect: upstreamUnreachable,
  "timeout-connect": connectTimeout,
  "timeout-response": upstreamTimeout,
  "timeout-total": totalTimeout,
  overflow: upstreamOverloaded,
};
