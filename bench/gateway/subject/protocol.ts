import type { GatewayFigures } from "../../../src/gateway/index.ts";
import type { LoopAnswers } from "../../support/loop-delay.ts";

/** What a proxy in Node is started with: its only argument, as JSON. */
export interface SubjectOptions {
  readonly kind: "tenfold" | "reply-from" | "http-proxy-3";
  readonly port: number;
  readonly upstreamPort: number;
  /** The upstream's other way. */
  readonly socketPath?: string;
  readonly fastPath?: boolean;
  readonly pipelining?: boolean;
  readonly accessLog?: boolean;
  readonly reusePort?: boolean;
}

/** What the measurement may ask of the process, and what it answers. */
export interface Answers extends LoopAnswers {
  /** Of Tenfold only, as the platform asks for them when somebody scrapes its metrics. */
  readonly figures: GatewayFigures;
}
