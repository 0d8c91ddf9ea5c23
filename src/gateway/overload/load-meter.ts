import type { LoadWindow } from "./concurrency-policy.ts";

/** What happened at a service since somebody last looked. */
export class LoadMeter {
  #answers = 0;
  #answeredMs = 0;
  #quietAnswers = 0;
  #quietMs = 0;
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

  /** @param isQuiet it had its upstream to itself when it began */
  answer(ms: number, status: number, isQuiet: boolean): void {
    if (status >= 500) {
      this.#failures++;
      return;
    }
    this.#answers++;
    this.#answeredMs += ms;
    if (!isQuiet) return;
    this.#quietAnswers++;
    this.#quietMs += ms;
  }

  abandon(ms: number): void {
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
      quietAnswers: this.#quietAnswers,
      quietMs: this.#quietMs,
      abandoned: this.#abandoned,
      abandonedMs: this.#abandonedMs,
      failures: this.#failures,
      maxInFlight: Math.max(this.#maxInFlight, inFlight),
      isContended: this.#isContended,
    };
    this.#answers = this.#answeredMs = this.#quietAnswers = this.#quietMs = 0;
    this.#abandoned = this.#abandonedMs = this.#failures = 0;
    this.#maxInFlight = 0;
    this.#isContended = false;
    return window;
  }
}
