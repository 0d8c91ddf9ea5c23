import { tooManyOperations } from "./errors.ts";

const maxWaiting = 16;

/**
 * What is done to a service is done one after the other: two reloads, or a reload and a scaling, would undo each other's counts.
 * Stopping aborts what runs and refuses what waits.
 */
export class OperationQueue {
  readonly #service: string;
  readonly #stopped = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(service: string) {
    this.#service = service;
  }

  /** Runs the operation when those before it have ended. @throws FLEET_BUSY; the reason of the signal, or of `stop` */
  async run<T>(operation: (signal: AbortSignal) => Promise<T>, caller?: AbortSignal): Promise<T> {
    if (this.#waiting >= maxWaiting) throw tooManyOperations(this.#service, this.#waiting);
    const signal = caller === undefined ? this.#stopped.signal : AbortSignal.any([this.#stopped.signal, caller]);
    this.#waiting++;
    const mine = this.#last.then(() => {
      signal.throwIfAborted();
      return operation(signal);
    });
    this.#last = mine.catch(() => {}).finally(() => this.#waiting--);
    return await mine;
  }

  /** Resolves when the operation that runs has ended. */
  async stop(reason: Error): Promise<void> {
    this.#stopped.abort(reason);
    await this.#last;
  }
}
