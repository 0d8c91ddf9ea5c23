/** Tells everyone who subscribed; a listener that throws disturbs nobody else. */
export class EventStream<T> {
  readonly #listeners = new Set<(event: T) => void>();

  /** Returns how to unsubscribe. */
  subscribe(listener: (event: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch {
        // The listener's problem.
      }
    }
  }
}
