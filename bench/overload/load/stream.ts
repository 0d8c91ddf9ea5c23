import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import { host } from "../../support/site.ts";
import { type Asker, type Connections } from "./connections.ts";
import type { LoadPlan, LoadStream, Quantiles, StreamResult } from "./load-plan.ts";

/** One stream of requests, and what came of them. Times as `performance.now()`. */
export class Stream {
  readonly #plan: LoadPlan;
  readonly #stream: LoadStream;
  readonly #connections: Connections;
  readonly #request: string;
  readonly #random: () => number;
  readonly #beganAt: number;
  readonly #asked: number[];
  readonly #answered: number[];
  readonly #answeredMicros = createHistogram();
  readonly #refusedMicros = createHistogram();
  /** In the order in which they were sent, and so in which their time is over. */
  readonly #waiting = new Set<Pending>();
  #nextAt: number;
  #refused = 0;
  #timedOut = 0;
  #failed = 0;

  constructor(
    plan: LoadPlan,
    stream: LoadStream,
    tools: { connections: Connections; random: () => number; now: number },
  ) {
    this.#plan = plan;
    this.#stream = stream;
    this.#connections = tools.connections;
    this.#random = tools.random;
    this.#request = `GET ${stream.path} HTTP/1.1\r\nHost: ${host}\r\n${stream.fields ?? ""}\r\n`;
    this.#beganAt = this.#nextAt = tools.now;
    this.#asked = Array.from({ length: plan.seconds }, () => 0);
    this.#answered = Array.from({ length: plan.seconds }, () => 0);
  }

  /** Sends what is due, and gives up what is too late. */
  look(now: number): void {
    for (const pending of this.#waiting) {
      if (now - pending.sentAt < this.#plan.timeoutMs) break;
      this.#connections.giveUp(pending);
      pending.onTimeout();
    }
    const { perSecond, atOnce = 0 } = this.#stream;
    if (perSecond === undefined) {
      while (this.#waiting.size < atOnce && this.#isOn(now)) this.#begin(now);
      return;
    }
    for (; this.#nextAt <= now; this.#nextAt += (-Math.log(1 - this.#random()) * 1_000) / perSecond) {
      if (this.#isOn(this.#nextAt)) this.#begin(this.#nextAt);
    }
  }

  get isOver(): boolean {
    return this.#waiting.size === 0;
  }

  result(): StreamResult {
    return {
      asked: this.#asked,
      answered: this.#answered,
      refused: this.#refused,
      timedOut: this.#timedOut,
      failed: this.#failed,
      answeredMs: quantiles(this.#answeredMicros),
      refusedMs: quantiles(this.#refusedMicros),
    };
  }

  #isOn(at: number): boolean {
    return at - this.#beganAt < this.#plan.seconds * 1_000;
  }

  #begin(intendedAt: number): void {
    const second = Math.floor((intendedAt - this.#beganAt) / 1_000);
    this.#asked[second]!++;
    this.#send(intendedAt, second, this.#stream.retries ?? 0);
  }

  #send(intendedAt: number, second: number, retries: number): void {
    const again = (): void => {
      if (retries > 0) this.#send(performance.now(), second, retries - 1);
    };
    const pending: Pending = {
      sentAt: intendedAt,
      onAnswer: (status) => {
        this.#waiting.delete(pending);
        const now = performance.now();
        if (status === 200) {
          if (now - intendedAt > this.#plan.timeoutMs) return void this.#timedOut++;
          this.#answered[second]!++;
          record(this.#answeredMicros, now - intendedAt);
        } else if (status === 503) {
          this.#refused++;
          record(this.#refusedMicros, now - writtenAt);
          again();
        } else this.#failed++;
        if (this.#stream.atOnce !== undefined) this.look(now);
      },
      onTimeout: () => {
        this.#waiting.delete(pending);
        this.#timedOut++;
        again();
      },
    };
    this.#waiting.add(pending);
    const writtenAt = performance.now();
    this.#connections.ask(this.#request, pending);
  }
}

interface Pending extends Asker {
  readonly sentAt: number;
  onTimeout(): void;
}

const record = (histogram: RecordableHistogram, ms: number): void =>
  histogram.record(Math.max(1, Math.round(ms * 1_000)));

const quantiles = (histogram: RecordableHistogram): Quantiles => ({
  p50: histogram.count === 0 ? 0 : histogram.percentile(50) / 1_000,
  p99: histogram.count === 0 ? 0 : histogram.percentile(99) / 1_000,
});
