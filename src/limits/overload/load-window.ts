/** What a stretch of time showed at a service. A request counts from when it is given a place until the first byte of its answer. */
export interface LoadWindow {
  /** When it ended: epoch milliseconds, and the same for all that share the service. */
  readonly now: number;
  readonly durationMs: number;
  readonly upstreams: number;
  /** Answers below 500, and the sum of their times. */
  readonly answers: number;
  readonly answeredMs: number;
  /** Given up without an answer, and how long they had had their place. */
  readonly abandoned: number;
  readonly abandonedMs: number;
  /** All these by what was asked: those kinds of which there were any. */
  readonly kinds: readonly KindWindow[];
  readonly failures: number;
  readonly maxInFlight: number;
  /** Somebody had to wait for a place, or was refused one. */
  readonly isContended: boolean;
}

/** Of requests of one kind. */
export interface KindWindow {
  readonly kind: number;
  readonly answers: number;
  readonly answeredMs: number;
  /** Of these answers, those that had their upstream to themselves. */
  readonly quietAnswers: number;
  readonly quietMs: number;
  readonly abandoned: number;
  readonly abandonedMs: number;
}

/** What was heard in two stretches of time, or of two processes. */
export function addKinds(some: readonly KindWindow[], more: readonly KindWindow[]): readonly KindWindow[] {
  if (more.length === 0) return some;
  const sums = new Map(some.map((window) => [window.kind, window]));
  for (const window of more) {
    const before = sums.get(window.kind);
    sums.set(window.kind, before === undefined ? window : addKind(before, window));
  }
  return [...sums.values()];
}

function addKind(one: KindWindow, other: KindWindow): KindWindow {
  return {
    kind: one.kind,
    answers: one.answers + other.answers,
    answeredMs: one.answeredMs + other.answeredMs,
    quietAnswers: one.quietAnswers + other.quietAnswers,
    quietMs: one.quietMs + other.quietMs,
    abandoned: one.abandoned + other.abandoned,
    abandonedMs: one.abandonedMs + other.abandonedMs,
  };
}
