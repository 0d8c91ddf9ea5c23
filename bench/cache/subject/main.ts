/** One cache in Node as a process of its own: `node main.ts '{"kind":"tenfold","port":8080,…}'`, as `protocol.ts` has it. */
import { watchLoop } from "../../support/loop-delay.ts";
import { answerAsks } from "../../support/subject-protocol.ts";
import type { Answers, SubjectOptions } from "./protocol.ts";

type Known = Pick<Answers, "figures" | "held" | "purge">;
/** What each kind of process can say. */
export type Knowing = { readonly [K in keyof Known]?: () => Known[K] | Promise<Known[K]> };

const options = JSON.parse(process.argv[2]!) as SubjectOptions;
// Each loads only what it runs on.
const known = await start();
const unknown = (): never => {
  throw new Error(`${options.kind} does not know that`);
};

answerAsks<Answers>({
  figures: unknown,
  held: unknown,
  purge: unknown,
  ...known,
  memory() {
    for (let i = 0; i < 3; i++) globalThis.gc!();
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heapUsed, external, resident: rss };
  },
  ...watchLoop(1),
});

async function start(): Promise<Knowing> {
  switch (options.kind) {
    case "tenfold":
      return (await import("./tenfold.ts")).startTenfold(options);
    case "gateways":
      return (await import("./gateways.ts")).startGateways(options);
    case "canned":
      return (await import("./canned.ts")).startCanned(options);
  }
}
