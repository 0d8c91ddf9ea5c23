import type { Running } from "./servers.ts";
import type { Site } from "./site.ts";
import { median } from "./statistics.ts";
import { type Figures, type Measured, significant } from "./target.ts";

export interface Turn<R extends Running, Name extends string> {
  readonly start: (name: Name) => Promise<R>;
  readonly measure: (running: R, name: Name) => Promise<Figures>;
  /** What the one who waits is told of it. */
  readonly word: (figures: Figures) => string;
  readonly summarise: (rounds: readonly Figures[]) => Figures;
}

/**
 * All take turns, round by round, so that a slow minute of the machine is everyone's; each is started anew in each round, since what a JIT
 * compiler makes of the same code differs from process to process.
 */
export async function inTurns<R extends Running, Name extends string>(
  names: readonly Name[],
  site: Pick<Site, "rounds" | "log">,
  turn: Turn<R, Name>,
): Promise<Measured> {
  const rounds = new Map<string, Figures[]>(names.map((name) => [name, []]));
  for (let round = 1; round <= site.rounds; round++) {
    for (const name of names) {
      const running = await turn.start(name);
      const figures = await turn.measure(running, name).finally(() => running.stop());
      rounds.get(name)!.push(figures);
      site.log(`round ${round}  ${name.padEnd(34)} ${turn.word(figures)}`);
    }
  }
  return {
    results: Object.fromEntries([...rounds].map(([name, all]) => [name, turn.summarise(all)])),
    rounds: Object.fromEntries(rounds),
  };
}

/** Of each figure the median, but of the errors the sum: each counts. */
export function medians(rounds: readonly Figures[]): Figures {
  return Object.fromEntries(
    Object.keys(rounds[0]!).map((name) => {
      const values = rounds.map((figures) => figures[name]!);
      return [name, name === "errors" ? values.reduce((sum, each) => sum + each, 0) : significant(median(values))];
    }),
  );
}

/** Of each figure the highest, where one round that goes wrong is one too many. */
export function highest(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0]!);
  return Object.fromEntries(
    names.map((name) => [name, significant(Math.max(...rounds.map((figures) => figures[name]!)))]),
  );
}
