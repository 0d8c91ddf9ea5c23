import type { GatewayFigures } from "../../../src/gateway/index.ts";
import type { LoopAnswers } from "../../support/loop-delay.ts";

/** What a cache in Node is started with: its only argument, as JSON. */
export interface SubjectOptions {
  /** `tenfold`: a gateway in this process. `gateways`: two, as the platform runs them. `canned`: no cache, but one answer. */
  readonly kind: "tenfold" | "gateways" | "canned";
  readonly port: number;
  readonly upstreamPort: number;
  readonly cacheBytes?: number;
  readonly fastPath?: boolean;
  readonly accessLog?: boolean;
  /** What `purge` purges. */
  readonly tag?: string;
}

/** What the measurement may ask of the process, and what it answers. */
export interface Answers extends LoopAnswers {
  /** Of `tenfold`. */
  readonly figures: GatewayFigures;
  /** Of `tenfold`: what the cache holds. */
  readonly held: Held;
  /** Bytes in use after everything that can be collected was; of a process that may (`--expose-gc`). */
  readonly memory: { readonly heapUsed: number; readonly external: number; readonly resident: number };
  /** By the tag; of `gateways`: everywhere. Milliseconds that it took. */
  readonly purge: number;
}

export interface Held {
  readonly answers: number;
  readonly bytes: number;
}
