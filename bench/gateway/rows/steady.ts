import { residentBytes } from "../../support/machine.ts";
import { type Measured, significant, within } from "../../support/target.ts";
import { startNode } from "../peers/node.ts";
import type { Row } from "../row.ts";
import { load } from "../throughput.ts";

/** How often memory is looked at, over the whole time. */
const samples = 300;
/** Of which this many stand in the results. */
const shown = 30;

export const steady: Row = {
  name: "steady",
  title: "5 minutes at full load",
  contenders: ["tenfold"],
  targets: [
    within(5, {
      of: "tenfold",
      figure: "memoryGrowthPercent",
      wanted: "tenfold, memory: at most 5 % above what it was at most in the first half, in the second",
    }),
    within(50, { of: "tenfold", figure: "longestStallMs", wanted: "tenfold, event loop: no stall > 50 ms" }),
  ],
  note: "Memory goes up and down by whole semi-spaces of V8's, at moments of its own choosing: what says whether it grows is how high it comes.",
  measure: async (_row, site): Promise<Measured> => {
    const running = await startNode("tenfold", site.upstream);
    try {
      const memory: { readonly second: number; readonly bytes: number }[] = [];
      const started = performance.now();
      const look = (): void => {
        memory.push({ second: (performance.now() - started) / 1_000, bytes: residentBytes(running.pids) });
      };
      await running.ask("watch");
      look();
      const timer = setInterval(look, (site.steadySeconds / samples) * 1_000);
      const figures = await load(running, {}, site, site.steadySeconds).finally(() => clearInterval(timer));
      const longestStallMs = await running.ask("stall");
      const highest = (from: number, to: number): number =>
        Math.max(...memory.slice(from, to).map(({ bytes }) => bytes));
      const middle = Math.ceil(memory.length / 2);
      const [before, after] = [highest(0, middle), highest(middle, memory.length)];
      const growth = significant((after / before - 1) * 100);
      site.log(`memory ${growth} % more, longest stall ${longestStallMs.toFixed(1)} ms`);
      const rounded = Object.entries(figures).map(([name, value]) => [name, significant(value)] as const);
      return {
        results: {
          tenfold: {
            ...Object.fromEntries(rounded),
            seconds: site.steadySeconds,
            memoryMiB: mebibytes(after),
            memoryGrowthPercent: growth,
            longestStallMs: significant(longestStallMs),
          },
        },
        series: Object.fromEntries(
          memory
            .filter((_, index) => index % Math.max(1, Math.floor(memory.length / shown)) === 0)
            .map(({ second, bytes }) => [second.toFixed(1), mebibytes(bytes)]),
        ),
      };
    } finally {
      await running.stop();
    }
  },
};

function mebibytes(bytes: number): number {
  return Math.round((bytes / 2 ** 20) * 10) / 10;
}
