/** What was measured of one contender; the unit is in the name. */
export type Figures = Readonly<Record<string, number>>;
/** Contender → figures. */
export type Results = Readonly<Record<string, Figures>>;

/** What is wanted of the results of a row. */
export interface Target {
  /** For people: `"tenfold, requests/s: ≥ 0.8 × nginx"`. */
  readonly wanted: string;
  /** `undefined` when somebody it is about was not measured. */
  readonly value: (results: Results) => number | undefined;
  readonly isMet: (value: number) => boolean;
}

export interface Verdict {
  readonly wanted: string;
  readonly measured?: number;
  readonly verdict: "met" | "missed" | "not measured";
}

export function judge(targets: readonly Target[], results: Results): Verdict[] {
  return targets.map(({ wanted, value, isMet }) => {
    const measured = value(results);
    if (measured === undefined || !Number.isFinite(measured)) return { wanted, verdict: "not measured" };
    return { wanted, measured: significant(measured), verdict: isMet(measured) ? "met" : "missed" };
  });
}

interface Ratio {
  readonly of: string;
  readonly to: string;
  /** Default: requests per second. */
  readonly figure?: string;
  readonly note?: string;
}

/** One contender's figure is so many times another's, or more. */
export function atLeast(limit: number, ratio: Ratio): Target {
  return {
    wanted: ratioText(`≥ ${limit}`, ratio),
    value: (results) => ratioOf(results, ratio),
    isMet: (value) => value >= limit,
  };
}

export function atMost(limit: number, ratio: Ratio): Target {
  return {
    wanted: ratioText(`≤ ${limit}`, ratio),
    value: (results) => ratioOf(results, ratio),
    isMet: (value) => value <= limit,
  };
}

/** A figure of a contender, or the ratio of two of them, is no more than that. */
export function within(
  limit: number,
  { of, figure, per, wanted }: { of: string; figure: string; per?: string; wanted: string },
): Target {
  return {
    wanted,
    value: (results) => {
      const value = results[of]?.[figure];
      const base = per === undefined ? 1 : results[of]?.[per];
      return value === undefined || base === undefined ? undefined : value / base;
    },
    isMet: (value) => value <= limit,
  };
}

const defaultFigure = "requestsPerSecond";
const labels: Readonly<Record<string, string>> = {
  requestsPerSecond: "requests/s",
  cpuMicros: "CPU per request",
  p99Ms: "p99",
};

function ratioText(limit: string, { of, to, figure = defaultFigure, note }: Ratio): string {
  return `${of}, ${labels[figure] ?? figure}: ${limit} × ${to}${note === undefined ? "" : ` (${note})`}`;
}

function ratioOf(results: Results, { of, to, figure = defaultFigure }: Ratio): number | undefined {
  const [a, b] = [results[of]?.[figure], results[to]?.[figure]];
  return a === undefined || b === undefined ? undefined : a / b;
}

/** As many digits as mean something. */
export function significant(value: number): number {
  return Number(value.toPrecision(value >= 1_000 ? 6 : 3));
}
