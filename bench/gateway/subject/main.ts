/** One proxy in Node as a process of its own: `node main.ts '{"kind":"tenfold","port":8080,…}'`, as `protocol.ts` has it. */
import { watchLoop } from "../../support/loop-delay.ts";
import { answerAsks } from "../../support/subject-protocol.ts";
import type { Answers, SubjectOptions } from "./protocol.ts";

const options = JSON.parse(process.argv[2]!) as SubjectOptions;
// Each loads only what it runs on.
const figures = await start();
answerAsks<Answers>({ figures, ...watchLoop(10) });

async function start(): Promise<() => Answers["figures"]> {
  switch (options.kind) {
    case "tenfold":
      return (await import("./tenfold.ts")).startTenfold(options);
    case "reply-from":
      await (await import("./reply-from.ts")).startReplyFrom(options);
      break;
    case "http-proxy-3":
      await (await import("./http-proxy-3.ts")).startHttpProxy(options);
      break;
  }
  return () => {
    throw new Error(`${options.kind} has no figures`);
  };
}
