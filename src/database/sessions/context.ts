/**
 * Whose session it is. Within `run` it is the one that was begun there, in everything that it starts, as far as promises and callbacks reach; outside it is the
 * process's own.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Session } from "./session.ts";

export class SessionContext<N> {
  readonly #storage = new AsyncLocalStorage<Session<N>>();
  readonly #ofProcess: Session<N>;

  constructor(ofProcess: Session<N>) {
    this.#ofProcess = ofProcess;
  }

  get current(): Session<N> {
    return this.#storage.getStore() ?? this.#ofProcess;
  }

  /** `undefined`: none was begun. */
  get begun(): Session<N> | undefined {
    return this.#storage.getStore();
  }

  run<T>(session: Session<N>, work: () => T): T {
    return this.#storage.run(session, work);
  }
}
