/** What happens when, in order: a binary heap of times and what is to be done then. */
export class Events {
  now = 0;
  readonly #times: number[] = [];
  readonly #acts: (() => void)[] = [];

  after(ms: number, act: () => void): void {
    this.at(this.now + ms, act);
  }

  at(time: number, act: () => void): void {
    let place = this.#times.length;
    this.#times.push(time);
    this.#acts.push(act);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#times[parent]! <= time) break;
      this.#times[place] = this.#times[parent]!;
      this.#acts[place] = this.#acts[parent]!;
      place = parent;
    }
    this.#times[place] = time;
    this.#acts[place] = act;
  }

  runUntil(end: number): void {
    while (this.#times.length > 0 && this.#times[0]! <= end) {
      this.now = this.#times[0]!;
      this.#takeFirst()();
    }
    this.now = end;
  }

  #takeFirst(): () => void {
    const times = this.#times;
    const acts = this.#acts;
    const first = acts[0]!;
    const time = times.pop()!;
    const act = acts.pop()!;
    const { length } = times;
    if (length === 0) return first;
    let place = 0;
    for (let child = 1; child < length; child = 2 * place + 1) {
      if (child + 1 < length && times[child + 1]! < times[child]!) child++;
      if (times[child]! >= time) break;
      times[place] = times[child]!;
      acts[place] = acts[child]!;
      place = child;
    }
    times[place] = time;
    acts[place] = act;
    return first;
  }
}
