import type { LoadWindow } from "./concurrency-policy.ts";
import { KindMeter } from "./request-kinds.ts";

/** What happened at a service since somebody last looked. */
export class LoadMeter {
  readonly #kinds = new KindMeter();
  #answers = 0;
  #answeredMs = 0;
  #abandoned = 0;
  #abandonedMs = 0;
  #failures = 0;
  #maxInFlight = 0;
  #isContended = false;

  /** @param inFlight with this one */
  enter(inFlight: number): void {
    if (inFlight > this.#maxInFlight) this.#maxInFlight = inFlight;
  }

  contend(): void {
    this.#isContended = true;
  }

  /** An answer below 500. @param isQuiet it had its upstream to itself when it began */
  answer(kind: number, ms: number, isQuiet: boolean): void {
    this.#kinds.answer(kind, ms, isQuiet);
    this.#answers++;
    this.#answeredMs += ms;
  }

  abandon(kind: number, ms: number): void {
    this.#kinds.abandon(kind, ms);
    this.#abandoned++;
    this.#abandonedMs += ms;
  }

  fail(): void {
    this.#failures++;
  }

  /** And begins anew. @param inFlight now: nobody may have come, and many be there */
  take(inFlight: number, at: Pick<LoadWindow, "now" | "durationMs" | "upstreams">): LoadWindow {
    const window: LoadWindow = {
      ...at,
      answers: this.#answers,
      answeredMs: this.#answeredMs,
      abandoned: this.#abandoned,
      abandonedMs: this.#abandonedMs,
      kinds: this.#kinds.take(),
      failures: this.#failures,
      maxInFlight: Math.max(this.#maxInFlight, inFlight),
      isContended: this.#isContended,
    };
    this.#answers = this.#answeredMs = 0;
    this.#abandoned = this.#abandonedMs = this.#failures = 0;
    this.#maxInFlight = 0;
    this.#isContended = false;
    return window;
  }
}
