import { plainAnswer } from "../wire/answer-plan.ts";
import type { WireCase } from "../wire/lane.ts";

/**
 * The smallest case found that still fails: everything around the bytes is made plain as far as possible, then parts of the bytes are
 * left out, in halves, quarters and so on to single bytes (Zeller, "Simplifying and Isolating Failure-Inducing Input", 2002).
 *
 * @param signal ends the search early
 */
export async function minimise(
  wire: WireCase,
  fails: (wire: WireCase) => Promise<boolean>,
  signal: AbortSignal,
): Promise<WireCase> {
  let least = wire;
  const tryThis = async (smaller: WireCase): Promise<boolean> => {
    if (signal.aborted || !(await fails(smaller))) return false;
    least = smaller;
    return true;
  };
  for (const plainer of plainerOnes) await tryThis({ ...least, ...plainer });
  for (const [i] of least.answers.entries()) {
    await tryThis({ ...least, answers: least.answers.with(i, plainAnswer) });
    for (const [name, value] of Object.entries(plainAnswer)) {
      await tryThis({ ...least, answers: least.answers.with(i, { ...least.answers[i]!, [name]: value }) });
    }
  }
  for (let size = Math.ceil(least.bytes.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < least.bytes.length;) {
      if (!(await tryThis(withoutPart(least, from, size)))) from += size;
      if (signal.aborted) return least;
    }
  }
  for (const cut of least.cuts) await tryThis({ ...least, cuts: least.cuts.filter((each) => each !== cut) });
  return least;
}

const plainerOnes: readonly Partial<WireCase>[] = [
  { cuts: [] },
  { pause: "short" },
  { ending: "wait" },
  { answers: [plainAnswer] },
];

function withoutPart(wire: WireCase, from: number, size: number): WireCase {
  const { bytes, cuts } = wire;
  return {
    ...wire,
    bytes: bytes.slice(0, from) + bytes.slice(from + size),
    cuts: cuts.map((cut) => (cut <= from ? cut : Math.max(from, cut - size))),
  };
}
