import { cpuBound, cpuBoundTwice, poolBound } from "../goodput.ts";
import type { Row } from "../overload-site.ts";
import { critical } from "./critical.ts";
import { halfCapacity } from "./half-capacity.ts";
import { refusal } from "./refusal.ts";
import { deadlines, drift, retryStorm } from "./steady.ts";
import { tooMuch } from "./too-much.ts";

/** The table of targets, in its order. */
export const rows: readonly Row[] = [
  ...[cpuBound, cpuBoundTwice, poolBound].map(tooMuch),
  ...[cpuBound, poolBound].flatMap((service) => [
    critical(service),
    halfCapacity(service),
    retryStorm(service),
    deadlines(service),
  ]),
  refusal,
  drift(cpuBound),
];
