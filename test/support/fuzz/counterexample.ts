import { findDifference } from "../wire/agreement.ts";
import { Lane, type WireCase } from "../wire/lane.ts";
import type { StartSubject } from "../wire/subject.ts";
import { minimise } from "./minimise.ts";
import { toLiteral } from "./wire-literal.ts";

export interface Failure {
  readonly difference: string;
  /** What the lane was shown before, then the case that failed. */
  readonly cases: readonly WireCase[];
  readonly over: "tcp" | "unix";
  /** Makes the same input again, as the first. */
  readonly seed: number;
}

/** How long a smaller case is looked for. */
const searchMs = 60_000;

/** A failure for people: the smallest case that fails on fresh gateways, as it goes into the table of counterexamples. */
export async function describeFailure(failure: Failure, subjects: readonly StartSubject[]): Promise<string> {
  const { cases, over, seed } = failure;
  let difference = failure.difference;
  const fails = async (...shown: readonly WireCase[]): Promise<boolean> => {
    await using lane = await Lane.open(subjects, over);
    let found: string | undefined;
    for (const wire of shown) found = findDifference(await lane.run(wire), wire);
    if (found !== undefined) difference = found;
    return found !== undefined;
  };
  const last = cases.at(-1)!;
  if (await fails(last)) {
    const least = await minimise(last, (wire) => fails(wire), AbortSignal.timeout(searchMs));
    await fails(least);
    return `over ${over}, seed ${seed}\n${difference}\n\n${toLiteral(least)}`;
  }
  const isRepeatable = await fails(...cases);
  const how = isRepeatable ? "fails only after the ones before it" : "did not fail again";
  return `over ${over}, seed ${seed}; the last of these ${how}\n${difference}\n\n${cases.map(toLiteral).join(",\n")}`;
}
