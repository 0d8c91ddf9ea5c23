import type { LoadWindow } from "../../../src/limits/index.ts";

type KindWindow = LoadWindow["kinds"][number];

/** A window in which nothing happened, but for what is given: of one kind, if nothing else is said. */
export function windowOf({ quietAnswers = 0, quietMs = 0, ...happened }: Partial<LoadWindow & KindWindow>): LoadWindow {
  const { answers = 0, answeredMs = 0, abandoned = 0, abandonedMs = 0 } = happened;
  const counts = { answers, answeredMs, abandoned, abandonedMs };
  const heardOf = answers + quietAnswers + abandoned > 0;
  return {
    now: 0,
    durationMs: 100,
    upstreams: 1,
    ...counts,
    kinds: heardOf ? [{ kind: 0, ...counts, quietAnswers, quietMs }] : [],
    failures: 0,
    maxInFlight: 0,
    isContended: false,
    ...happened,
  };
}
