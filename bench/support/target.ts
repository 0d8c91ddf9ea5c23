import { median } from "./statistics.ts";

/** What was measured of one contender; the unit is in the name. */
export type Figures = Readonly<Record<string, number>>;
/** Contender → figures. */
export type Results = Readonly<Record<string, Figures>>;

export interface Measured {
  /** Over all rounds. */
  readonly results: Results;
  /** Contender → figures of each round, in which all took their turn. */
  readonly rounds?: Readonly<Record<string, readonly Figures[]>>;
  /** What changed over time: second → value. */
  readonly series?: Readonly<Record<string, number>>;
  /** What it was measured with beyond what all rows are. */
  readonly setting?: Readonly<Record<string, number>>;
}

/** What is wanted of the results of a row. */
export interface Target {
  /** For people: `"tenfold, requests/s: ≥ 0.8 × nginx"`. */
  readonly wanted: string;
  /** `undefined` when somebody it is about was not measured. */
  readonly value: (measured: Measured) => number | undefined;
  /** What it is the median of: one value per round. */
  readonly perRound?: (measured: Measured) => readonly number[] | undefined;
  readonly isMet: (value: number) => boolean;
}

export interface Verdict {
  readonly wanted: string;
  readonly measured?: number;
  readonly rounds?: readonly number[];
  readonly verdict: "met" | "missed" | "not measured";
}

export function judge(targets: readonly Target[], of: Measured): Verdict[] {
  return targets.map(({ wanted, value, perRound, isMet }) => {
    const measured = value(of);
    if (measured === undefined || !Number.isFinite(measured)) return { wanted, verdict: "not measured" };
    const rounds = perRound?.(of)?.map(significant);
    return {
      wanted,
      measured: significant(measured),
      ...(rounds === undefined ? {} : { rounds }),
      verdict: isMet(measured) ? "met" : "missed",
    };
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
  return { wanted: ratioText(`≥ ${limit}`, ratio), ...ratioOf(ratio), isMet: (value) => value >= limit };
}

export function atMost(limit: number, ratio: Ratio): Target {
  return { wanted: ratioText(`≤ ${limit}`, ratio), ...ratioOf(ratio), isMet: (value) => value <= limit };
}

/** A figure of one contender is so much more than another's. */
export function pointsAbove(
  limit: number,
  { of, to, figure, wanted }: { of: string; to: string; figure: string; wanted: string },
): Target {
  const value: Target["value"] = ({ results }) => {
    const [own, other] = [results[of]?.[figure], results[to]?.[figure]];
    return own === undefined || other === undefined ? undefined : own - other;
  };
  return { wanted, value, isMet: (points) => points >= limit };
}

/** A figure of a contender, or the ratio of two of them, is no more than that. */
export function within(
  limit: number,
  { of, figure, per, wanted }: { of: string; figure: string; per?: string; wanted: string },
): Target {
  const isMet = (value: number): boolean => value <= limit;
  if (per === undefined) return { wanted, isMet, value: ({ results }) => results[of]?.[figure] };
  return { wanted, isMet, ...medianOf(({ rounds }) => rounds?.[of]?.map((each) => each[figure]! / each[per]!)) };
}

/** A figure of a contender is that much, or more. */
export function reaching(
  limit: number,
  { of, figure, wanted }: { of: string; figure: string; wanted: string },
): Target {
  return { wanted, value: ({ results }) => results[of]?.[figure], isMet: (value) => value >= limit };
}

const defaultFigure = "requestsPerSecond";
const labels: Readonly<Record<string, string>> = {
  requestsPerSecond: "requests/s",
  decisionsPerSecond: "decisions/s",
  cpuMicros: "CPU per request",
  p99Ms: "p99",
  hitPercent: "hit ratio",
};

function ratioText(limit: string, { of, to, figure = defaultFigure, note }: Ratio): string {
  return `${of}, ${labels[figure] ?? figure}: ${limit} × ${to}${note === undefined ? "" : ` (${note})`}`;
}

/**
 * Of the ratios of each round the median, not the ratio of two medians: the machine's pace changes from one minute to the next, and those
 * who are compared have to be measured in the same one.
 */
function ratioOf({ of, to, figure = defaultFigure }: Ratio): Pick<Target, "value" | "perRound"> {
  return medianOf(({ rounds }) => {
    const [ofs, tos] = [rounds?.[of], rounds?.[to]];
    return ofs === undefined || tos === undefined ? undefined : ofs.map((each, i) => each[figure]! / tos[i]![figure]!);
  });
}

function medianOf(perRound: NonNullable<Target["perRound"]>): Pick<Target, "value" | "perRound"> {
  return {
    perRound,
    value: (measured) => {
      const values = perRound(measured);
      return values === undefined ? undefined : median(values);
    },
  };
}

/** As many digits as mean something. */
export function significant(value: number): number {
  return Number(value.toPrecision(value >= 1_000 ? 6 : 3));
}
