import { type Clock, systemClock } from "./clock.ts";

/** Resolves as the promise does, or rejects with `onTimeout()` after `ms`. The timer is gone in either case. */
export async function withDeadline<T>(promise: Promise<T>, ms: number, onTimeout: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(onTimeout()), ms);
  });
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}

export interface PollOptions {
  readonly everyMs: number;
  readonly deadlineMs: number;
  readonly onTimeout: () => Error;
  readonly signal?: AbortSignal;
}

/** Asks until the answer is not `undefined`; for outside facts that send no event. */
export async function poll<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  options: PollOptions,
  clock: Clock = systemClock,
): Promise<T> {
  const end = clock.monotonic() + options.deadlineMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (clock.monotonic() >= end) throw options.onTimeout();
    await clock.sleep(options.everyMs, options.signal);
  }
}
