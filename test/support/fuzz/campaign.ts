import fc from "fast-check";
import { findDifference } from "../wire/agreement.ts";
import { Lane, type WireCase } from "../wire/lane.ts";
import type { StartSubject } from "../wire/subject.ts";
import type { Failure } from "./counterexample.ts";
import { type FuzzInput, fuzzInput } from "./wire-case.ts";

export interface CampaignOptions {
  /** Two that must behave alike. */
  readonly subjects: readonly StartSubject[];
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Pairs of gateways at work side by side; an even number: half of them reach their origins over unix sockets. */
  readonly lanes?: number;
}

export interface Tally {
  inputs: number;
  /** Inputs in one way of cutting, through both gateways. */
  runs: number;
  /** Seemed to differ until everything had arrived. */
  late: number;
  /** Requests that the fast path has served by itself. */
  fast: number;
}

export const emptyTally: Tally = { inputs: 0, runs: 0, late: 0, fast: 0 };

/** Inputs that one seed makes. Few, so that a failure's seed is soon played again. */
const batch = 50;
/** A failure may come of what an earlier case left behind. */
const remembered = 4;

/**
 * Shows inputs to pairs of gateways until it is told to stop, or two differ. Nothing depends on how many lanes there are but the order:
 * a seed makes the same inputs on any of them.
 *
 * @param tally is counted up as it goes
 */
export async function runCampaign(options: CampaignOptions, tally: Tally): Promise<Failure | undefined> {
  const { lanes = 64, signal } = options;
  const failed = new AbortController();
  const over = AbortSignal.any([signal, failed.signal]);
  let failure: Failure | undefined;
  const run = async (index: number): Promise<void> => {
    const runner = await LaneRunner.open(index, { ...options, lanes, signal: over }, tally);
    try {
      while (!over.aborted && (await runner.runBatch()) === undefined);
      failure ??= runner.failure;
      if (runner.failure !== undefined) failed.abort();
    } finally {
      await runner[Symbol.asyncDispose]();
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, index) => run(index)));
  return failure;
}

class LaneRunner implements AsyncDisposable {
  failure: Failure | undefined;
  readonly #lane: Lane;
  readonly #over: "tcp" | "unix";
  readonly #options: Required<CampaignOptions>;
  readonly #tally: Tally;
  readonly #shown: WireCase[] = [];
  #seed: number;

  private constructor(
    lane: Lane,
    over: "tcp" | "unix",
    seed: number,
    options: Required<CampaignOptions>,
    tally: Tally,
  ) {
    this.#lane = lane;
    this.#over = over;
    this.#seed = seed;
    this.#options = options;
    this.#tally = tally;
  }

  static async open(index: number, options: Required<CampaignOptions>, tally: Tally): Promise<LaneRunner> {
    const seed = (options.seed + index) | 0;
    // Of the seed, so that a failure's seed alone says how to see it again.
    const over = (seed & 1) === 0 ? "tcp" : "unix";
    return new LaneRunner(await Lane.open(options.subjects, over), over, seed, options, tally);
  }

  async runBatch(): Promise<Failure | undefined> {
    const { signal, lanes } = this.#options;
    // What is found is made smaller elsewhere (minimise.ts): by its bytes, which the generator does not know.
    const parameters = { seed: this.#seed, numRuns: batch, endOnFailure: true };
    const property = fc.asyncProperty(fuzzInput, async (input) => {
      if (signal.aborted) return;
      this.#tally.inputs++;
      await this.#show(input);
      if (this.failure !== undefined) throw new Error(this.failure.difference);
    });
    const { failed, errorInstance } = await fc.check(property, parameters);
    if (failed && this.failure === undefined) throw errorInstance;
    this.#seed = (this.#seed + lanes) | 0;
    return this.failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#tally.late += this.#lane.late;
    this.#tally.fast += this.#lane.fast;
    await this.#lane[Symbol.asyncDispose]();
  }

  async #show({ wire, cuttings }: FuzzInput): Promise<void> {
    for (const cutting of [{ cuts: [], pause: "short" } as const, ...cuttings]) {
      if (this.#options.signal.aborted) return;
      const shown = { ...wire, ...cutting };
      this.#shown.push(shown);
      if (this.#shown.length > remembered) this.#shown.shift();
      this.#tally.runs++;
      const difference = await this.#lane.run(shown).then(
        (seen) => findDifference(seen, shown),
        (error: unknown) => String(error),
      );
      if (difference === undefined) continue;
      this.failure = { difference, cases: [...this.#shown], over: this.#over, seed: this.#seed };
      return;
    }
  }
}
