import type { Allowance, DeciderOptions } from "../deciders/decider.ts";

/** What a process that asks for decisions is started with: its only argument, as JSON. */
export interface SubjectOptions {
  /** It has none. */
  readonly port: 0;
  readonly decider: DeciderOptions;
  readonly allowance: Allowance;
  readonly redisUrl: string;
  /** As many keys, asked for by Zipf's law, or all alike. */
  readonly keys: number;
  readonly isZipf: boolean;
  /** Decisions under way at once; 1: one after the other. */
  readonly callers: number;
  /** One after the other: awaited even if they are there at once, as who does not look at them has it. */
  readonly isAwaited: boolean;
  readonly seconds: number;
  /** Of `demand`: decisions a second that are asked for, come what may; and what makes the draws others. */
  readonly perSecond: number;
  readonly seed: number;
}

/** What the measurement may ask of the process, and what it answers. */
export interface Answers {
  readonly warmUp: Work;
  readonly work: Work;
  /** How many of so many more than are allowed, asked for one by one, are let through. */
  readonly allowed: number;
  /** As many decisions of one key as chance has it. */
  readonly demand: DemandLog;
  /** Each key once. */
  readonly askAll: null;
  /** Bytes in use after everything that can be collected was; of a process that may (`--expose-gc`). */
  readonly memory: number;
}

export interface Work {
  readonly decisions: number;
  readonly refused: number;
  readonly errors: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Of each decision when it was asked for and when it was there, in milliseconds by the machine's clock. */
export interface DemandLog {
  readonly asked: readonly number[];
  readonly answered: readonly number[];
  readonly isAdmitted: readonly boolean[];
  readonly errors: number;
}

export const askedBeyond = 5;
