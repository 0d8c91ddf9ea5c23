import { createHash, timingSafeEqual } from "node:crypto";

/**
 * Who may call the control API. It can stop everything, so it must be safe against two callers besides the honest one: a stranger on the
 * network (answered by the loopback bind, or a token), and a web page in the user's own browser, which can send requests to
 * 127.0.0.1 and, by rebinding a name it owns to 127.0.0.1, even read the answers. Hence: the Host must be a loopback name of ours, an Origin
 * must be our own, and Sec-Fetch-Site must not say that another site asks.
 */
export interface GuardPolicy {
  /** The bind is a loopback address: Host is checked against the names of loopback. */
  readonly isLoopback: boolean;
  readonly port: number;
  readonly token: string | undefined;
}

export interface GuardedRequest {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
  readonly authorization: string | undefined;
}

export type Refusal = { readonly status: 401 | 403; readonly code: string; readonly message: string };

export function refusalOf(request: GuardedRequest, policy: GuardPolicy): Refusal | undefined {
  if (policy.isLoopback && !isLoopbackHost(request.host, policy.port)) {
    return refuse(403, "CONTROL_FOREIGN_HOST", "the Host header names another host: use 127.0.0.1 or localhost");
  }
  if (request.origin !== undefined && request.origin !== `http://${request.host}`) {
    return refuse(403, "CONTROL_FOREIGN_ORIGIN", "requests from other origins are refused");
  }
  if (request.secFetchSite === "cross-site" || request.secFetchSite === "same-site") {
    return refuse(403, "CONTROL_FOREIGN_ORIGIN", "requests from other sites are refused");
  }
  if (policy.token !== undefined && !isToken(request.authorization, policy.token)) {
    return refuse(401, "CONTROL_TOKEN_REQUIRED", "send the token as `Authorization: Bearer …`");
  }
  return undefined;
}

export function isLoopbackAddress(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function isLoopbackHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}` || host === `[::1]:${port}`;
}

function isToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  // Digests have one length, so that the comparison takes the same time for every guess.
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function refuse(status: Refusal["status"], code: string, message: string): Refusal {
  return { status, code, message };
}
