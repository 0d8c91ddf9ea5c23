import type { GatewayFigures } from "../../../src/gateway/index.ts";

/** What the gateway is started with: its only argument, as JSON. */
export interface GatewayPlan {
  readonly port: number;
  readonly upstreamPorts: readonly number[];
  /** `adaptive`: the defaults. A number: of requests at once, and nobody waits. */
  readonly overload: "adaptive" | number | false;
}

export interface GatewayAnswers {
  readonly figures: GatewayFigures;
}

export const criticalPath = "/critical";
