/** One server as a process of its own: `node main.ts '{"kind":"gateway","port":8080,…}'`, as `protocol.ts` has it. */
import { answerAsks } from "../../support/subject-protocol.ts";
import type { Answers, StartedServer } from "./protocol.ts";

const started = JSON.parse(process.argv[2]!) as StartedServer;
// Each loads only what it runs on.
const figures = await start();
answerAsks<Answers>({ figures });

async function start(): Promise<() => Answers["figures"]> {
  if (started.kind === "gateway") return (await import("./gateway.ts")).startGateway(started);
  await (await import("./fastify.ts")).startFastify(started);
  return () => {
    throw new Error("a service has no figures");
  };
}
