import type { GatewayFigures } from "../../../src/gateway/index.ts";

/** Who answers requests, and what of them is limited. */
export interface ServerOptions {
  /** `fastify`: a service, behind nothing. */
  readonly kind: "gateway" | "fastify";
  /** By `ip` and `header` nobody is refused; `refusing`: all but the first are, by their address. */
  readonly limit: "none" | "ip" | "header" | "refusing";
}

export interface StartedServer extends ServerOptions {
  readonly port: number;
  readonly upstreamPort: number;
}

export interface Answers {
  /** Of the gateway. */
  readonly figures: GatewayFigures;
}

export const keyHeader = "x-api-key";
/** More than anybody asks for in the time of a measurement. */
export const ample = { count: 1_000_000_000, windowMs: 60_000 };
export const refusing = { count: 1, windowMs: 3_600_000 };
