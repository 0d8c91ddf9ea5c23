/** A process that asks for decisions and does nothing else: `node main.ts '{"decider":…}'`, as `protocol.ts` has it. */
import { draws } from "../../support/draws.ts";
import { answerAsks } from "../../support/subject-protocol.ts";
import { openDecider } from "../deciders/open.ts";
import { askAtOnce } from "./at-once.ts";
import { demand } from "./demand.ts";
import { askInSequence } from "./in-sequence.ts";
import { addressOf, drawKeys } from "./keys.ts";
import { type Answers, askedBeyond, type SubjectOptions, type Work } from "./protocol.ts";
import { Tally } from "./tally.ts";

const options = JSON.parse(process.argv[2]!) as SubjectOptions;
const { allowance, redisUrl, callers, seconds, perSecond, seed } = options;
/** For another key than those that are counted: `first` and `warm`. */
const besides = 2;
const decider = await openDecider(options.decider, { allowance, redisUrl, maxKeys: options.keys + besides });
const random = draws(seed);
const next = (): number => random.next().value;

const warmUpSeconds = Math.min(2, seconds);
const demandWarmUpSeconds = 0.5;

answerAsks<Answers>({
  warmUp: () => work(warmUpSeconds),
  work: () => work(seconds),
  async allowed() {
    const tally = new Tally(decider);
    for (let i = 0; i < allowance.count + askedBeyond; i++) {
      await Promise.resolve(decider.ask("10.0.0.1")).then(
        (answer) => tally.add(answer),
        (reason) => tally.addRejection(reason),
      );
    }
    if (tally.errors > 0) throw new Error("It fails to decide");
    return tally.decisions - tally.refused;
  },
  async demand() {
    await demand(decider, "warm", { perSecond, seconds: demandWarmUpSeconds, random: next });
    const before = decider.decidedAway?.() ?? 0;
    const log = await demand(decider, "hot", { perSecond, seconds, random: next });
    return { ...log, errors: log.errors + (decider.decidedAway?.() ?? 0) - before };
  },
  async askAll() {
    for (let i = 0; i < options.keys; i++) {
      const answer = decider.ask(addressOf(i));
      if (answer instanceof Promise) await answer;
    }
    return null;
  },
  memory() {
    for (let i = 0; i < 3; i++) globalThis.gc!();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
});

async function work(seconds: number): Promise<Work> {
  const keys = drawKeys(options.keys, options.isZipf);
  const tally = new Tally(decider);
  const away = decider.decidedAway?.() ?? 0;
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const asking = { decider, keys, seconds, tally };
  await (callers === 1 ? askInSequence(asking, options.isAwaited) : askAtOnce(asking, callers));
  const { user, system } = process.cpuUsage(cpu);
  return {
    decisions: tally.decisions,
    refused: tally.refused,
    errors: tally.errors + (decider.decidedAway?.() ?? 0) - away,
    seconds: (performance.now() - started) / 1_000,
    cpuSeconds: (user + system) / 1e6,
  };
}
