/** When something is due, coarsely: one timer for all, and none while there is nothing. A statement costs a set's insertion, no timer of its own. */
export interface Due {
  /** On the process's monotonic clock. */
  readonly dueAt: number;
  /** It is due. It may be added again. */
  onDue(): void;
}

const everyMs = 50;

export class Deadlines {
  readonly #all = new Set<Due>();
  #timer: NodeJS.Timeout | undefined;

  add(due: Due): void {
    this.#all.add(due);
    this.#timer ??= setInterval(() => this.#look(), everyMs).unref();
  }

  delete(due: Due): void {
    this.#all.delete(due);
  }

  #look(): void {
    const now = performance.now();
    for (const due of this.#all) {
      if (due.dueAt > now) continue;
      this.#all.delete(due);
      due.onDue();
    }
    if (this.#all.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
