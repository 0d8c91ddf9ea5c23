import { reaching } from "../../support/target.ts";
import type { ContenderName } from "../contenders.ts";
import { decisions } from "../decisions.ts";
import type { Row } from "../row.ts";

/** More than anybody asks for in the time of a measurement. */
const ample = { count: 1_000_000_000, windowSeconds: 60 };
const scarce = { count: 100, windowSeconds: 60 };

const everybody: readonly ContenderName[] = [
  "tenfold, sliding window",
  "rate-limiter-flexible, memory",
  "tenfold, gcra",
  "tenfold, sliding window, awaited",
  "tenfold, sliding window, store alone",
  "tenfold, gcra, store alone",
  "tenfold, sliding window, again",
];
const own = ["tenfold, sliding window", "tenfold, gcra"] as const;
const figure = "decisionsPerSecond";

const targets = own.map((of) => reaching(3_000_000, { of, figure, wanted: `${of}: ≥ 3,000,000 decisions/s` }));

const note =
  "One after the other, in a process that does nothing else. Tenfold's answer is there at once, and makes the fields for an HTTP answer when asked for them; that of rate-limiter-flexible, " +
  "which counts in fixed windows, is a promise. The store alone is what is beneath: it is given a key, and says what is left.";

export const memoryDecisions: readonly Row[] = [
  {
    name: "memory-many-keys",
    title: "decisions in memory, 10,000 keys by Zipf's law, none refused",
    contenders: everybody,
    targets,
    note,
    measure: decisions({ allowance: ample, keys: 10_000, isZipf: true, isShared: false }),
  },
  {
    name: "memory-one-key",
    title: "decisions in memory, one key, none refused",
    contenders: everybody,
    targets,
    note,
    measure: decisions({ allowance: ample, isShared: false }),
  },
  {
    name: "memory-refused",
    title: "decisions in memory, one key, nearly all refused",
    contenders: everybody,
    targets: [],
    measure: decisions({ allowance: scarce, isShared: false }),
  },
];
