import type { Limits } from "../limits.ts";
import { decideAbout, type MiddlewareOptions } from "./middleware-options.ts";
import { joined, refusalOf } from "./refusal.ts";

/** What is asked of Express's request. */
export interface ExpressRequest {
  readonly ip?: string | undefined;
  readonly baseUrl: string;
  readonly route?: { readonly path: unknown } | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface ExpressResponse {
  getHeader(name: string): unknown;
  setHeader(name: string, value: string): unknown;
  statusCode: number;
  end(body: string): unknown;
}

export type ExpressMiddleware<Request> = (
  request: Request,
  response: ExpressResponse,
  next: (error?: unknown) => void,
) => Promise<void>;

/**
 * Limits in Express, of an app, a router or a route.
 *
 * @example
 * ```ts
 * app.post("/login", limitExpress(limits, { limit: "login" }), login);
 * ```
 */
export function limitExpress<Name extends string, Request extends ExpressRequest = ExpressRequest>(
  limits: Limits<Name>,
  options: MiddlewareOptions<Request, Name>,
): ExpressMiddleware<Request> {
  return async (request, response, next) => {
    let isAdmitted: boolean;
    try {
      isAdmitted = await decide(request, response);
    } catch (error) {
      return next(error);
    }
    if (isAdmitted) next();
  };

  async function decide(request: Request, response: ExpressResponse): Promise<boolean> {
    const { ip, headers, baseUrl, route } = request;
    // Express tells a route only to the middleware of this route.
    const path = typeof route?.path === "string" ? route.path : "/*";
    // What it is mounted at, Express says as the client has written it.
    const caller = { ip, headers, route: baseUrl.toLowerCase() + path };
    const ruling = await decideAbout(limits, options, request, caller);
    if (ruling === undefined) return true;
    for (const [name, value] of Object.entries(ruling.headers())) {
      response.setHeader(name, name === "Retry-After" ? value : joined(response.getHeader(name), value));
    }
    if (ruling.isAdmitted) return true;
    const { status, contentType, body } = refusalOf(ruling);
    response.statusCode = status;
    response.setHeader("Content-Type", contentType);
    response.end(body);
    return false;
  }
}
