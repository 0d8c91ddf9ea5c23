import type { Claims } from "../callers/caller.ts";
import type { LimitCaller } from "../callers/given-caller.ts";
import type { LimitRuling, Limits } from "../limits.ts";

/** How a framework's request is decided about. */
export interface MiddlewareOptions<Request, Name extends string = string> {
  /** All that concern the request: they are one decision. */
  readonly limit: Name | readonly Name[];
  /** What a request counts for. Default 1. */
  readonly weight?: number | ((request: Request) => number);
  /** What a token says that the app has verified, for limits per claim. */
  readonly claims?: (request: Request) => Claims | undefined;
  /** The client's address. Default: what the framework says, which its own settings about proxies decide. */
  readonly ip?: (request: Request) => string | undefined;
  /** These are not counted. */
  readonly skip?: (request: Request) => boolean;
}

/** @param found what the framework knows of whoever asks. @returns `undefined`: it is not counted */
export function decideAbout<Request, Name extends string>(
  limits: Limits<Name>,
  { limit, weight = 1, claims, ip, skip }: MiddlewareOptions<Request, Name>,
  request: Request,
  found: LimitCaller,
): LimitRuling | Promise<LimitRuling> | undefined {
  if (skip?.(request) === true) return undefined;
  const caller = { ...found, ...(ip === undefined ? {} : { ip: ip(request) }), claims: claims?.(request) };
  return limits.decide(limit, caller, { weight: typeof weight === "number" ? weight : weight(request) });
}
