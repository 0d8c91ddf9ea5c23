import type { Asking } from "./in-sequence.ts";

/**
 * So many callers at once, each with its next question when it has had its answer, and, as clients of a server are, not before the next turn of
 * the event loop.
 */
export function askAtOnce({ decider, keys, seconds, tally }: Asking, callers: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const mask = keys.length - 1;
  const end = performance.now() + seconds * 1_000;
  let [idle, at, isScheduled] = [callers, 0, false];
  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(turn);
  };
  const onAnswer = (answer: unknown): void => {
    tally.add(answer);
    idle++;
    schedule();
  };
  const onRejection = (reason: unknown): void => {
    tally.addRejection(reason);
    idle++;
    schedule();
  };
  const turn = (): void => {
    isScheduled = false;
    if (performance.now() >= end) {
      if (idle === callers) resolve();
      return;
    }
    const asking = idle;
    idle = 0;
    for (let i = 0; i < asking; i++) {
      const answer = decider.ask(keys[at++ & mask]!);
      if (answer instanceof Promise) {
        answer.then(onAnswer, onRejection);
      } else {
        tally.add(answer);
        idle++;
      }
    }
    if (idle > 0) schedule();
  };
  schedule();
  return promise;
}
