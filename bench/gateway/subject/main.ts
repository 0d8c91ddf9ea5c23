/** One proxy in Node as a process of its own: `node main.ts '{"kind":"tenfold","port":8080,…}'`, as `protocol.ts` has it. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Answers, Ask, FromSubject, SubjectOptions, ToSubject } from "./protocol.ts";

const options = JSON.parse(process.argv[2]!) as SubjectOptions;
// Each loads only what it runs on.
const figures = await start();

const resolutionMs = 10;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
const answers: { readonly [K in Ask]: () => Answers[K] } = {
  figures,
  watch: () => {
    delay.enable();
    return null;
  },
  // What it records is the time between two ticks of a timer, the timer's own included.
  stall: () => Math.max(0, delay.max / 1e6 - resolutionMs),
};

process.on("message", ({ ask }: ToSubject) => send({ type: "answer", value: answers[ask]() }));
process.on("disconnect", () => process.exit());
send({ type: "listening" });

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

function send(message: FromSubject): void {
  process.send!(message);
}
