import type { GatewayFigures } from "../../../src/gateway/index.ts";

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

/** What the measurement may ask of the process, and what it answers; Node's IPC channel carries both. */
export interface Answers {
  /** Of Tenfold only, as the platform asks for them when somebody scrapes its metrics. */
  readonly figures: GatewayFigures;
  /** Begins to watch the event loop. */
  readonly watch: null;
  /** Milliseconds that the event loop was late, at most, since `watch`. */
  readonly stall: number;
}

export type Ask = keyof Answers;

export interface ToSubject {
  readonly ask: Ask;
}

export type FromSubject = { readonly type: "listening" } | { readonly type: "answer"; readonly value: Answers[Ask] };
