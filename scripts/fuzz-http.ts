/**
 * `npm run fuzz:http [-- --seconds N --seed S]`: shows the same bytes to the gateway's fast and full path until they differ, the time is
 * over, or it is stopped with Ctrl-C. What is found is printed as it goes into test/conformance/counterexamples.ts.
 */
import { parseArgs } from "node:util";
import { searchForDifferences } from "../test/support/fuzz/fast-against-full.ts";

const { values } = parseArgs({ options: { seconds: { type: "string" }, seed: { type: "string" } } });
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
const seconds = values.seconds === undefined ? Infinity : Number(values.seconds);
if (!Number.isInteger(seed) || !(seconds > 0)) {
  console.error("usage: npm run fuzz:http [-- --seconds N --seed S]");
  process.exit(2);
}

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
process.once("SIGTERM", () => stop.abort());
const signals = seconds === Infinity ? [stop.signal] : [stop.signal, AbortSignal.timeout(seconds * 1_000)];

console.log(`seed ${seed}`);
let toldAt = 0;
const { tally, failure } = await searchForDifferences({
  seed,
  signal: AbortSignal.any(signals),
  onProgress({ inputs, runs }) {
    if (performance.now() - toldAt < 10_000) return;
    toldAt = performance.now();
    console.log(`${inputs} inputs, ${runs} runs`);
  },
});
console.log(
  `${tally.inputs} inputs in ${tally.runs} runs, ${tally.fast} requests on the fast path; ${tally.late} runs needed patience`,
);
if (failure !== undefined) {
  console.error(`\nThe paths differ: ${failure}`);
  process.exit(1);
}
