/** What is swept, as `AnswerStore` is. */
export interface Swept {
  readonly purges: { readonly isPending: boolean };
  sweep(settled: number): Generator<void, void>;
}

const retryMs = 1_000;

/** Gives back the memory of what was purged, in steps between which others have their turn. */
export class Sweeper {
  readonly #store: Swept;
  readonly #settled: () => number;
  #isSweeping = false;
  #retry: NodeJS.Timeout | undefined;

  /** @param settled all that was asked for before this, of the purges' sequence, has come */
  constructor(store: Swept, settled: () => number) {
    this.#store = store;
    this.#settled = settled;
  }

  start(): void {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    clearTimeout(this.#retry);
    const steps = this.#store.sweep(this.#settled());
    const next = (): void => {
      if (steps.next().done !== true) return void setImmediate(next);
      this.#isSweeping = false;
      // Something was on its way that must still meet a purge, or there is a new one.
      if (this.#store.purges.isPending) this.#retry = setTimeout(() => this.start(), retryMs).unref();
    };
    setImmediate(next);
  }
}
