import fc from "fast-check";

/** One of these, each as often as its weight says. The first is the plainest: counterexamples shrink towards it. */
export function pick<const T>(...choices: readonly (readonly [weight: number, value: T])[]): fc.Arbitrary<T> {
  return fc.constantFrom(...choices.flatMap(([weight, value]) => Array.from({ length: weight }, () => value)));
}

/** Usually the first, now and then one of the others. */
export function mostly<const T>(usual: T, usualWeight: number, ...others: readonly T[]): fc.Arbitrary<T> {
  return pick([usualWeight, usual], ...others.map((other) => [1, other] as const));
}
