/** A service that can do only so much, as a process of its own: `node main.ts '{"port":3000,"kind":"cpu",…}'`, as `service-plan.ts` has it. */
import { createServer } from "node:http";
import { once } from "node:events";
import { answerAsks } from "../../support/subject-protocol.ts";
import type { ServiceAnswers, ServicePlan } from "./service-plan.ts";
import { workOf } from "./work.ts";

const plan = JSON.parse(process.argv[2]!) as ServicePlan;
const work = workOf(plan);
let times = 1;
let done = 0;
let heldMs = 0;

const answer = async (): Promise<string> => {
  // Not in one line: what others add meanwhile would be lost.
  const tookMs = await work.run(times);
  heldMs += tookMs;
  done++;
  return '{"done":true}';
};

if (plan.hasUnderPressure) await listenWithUnderPressure();
else await listen();

answerAsks<ServiceAnswers>({
  work: () => ({ done, heldMs, holds: work.holds }),
  twiceAsMuch: () => ((times = 2), null),
  asMuchAsBefore: () => ((times = 1), null),
});

async function listen(): Promise<void> {
  const server = createServer((_request, response) => {
    const write = (body: string): void => {
      response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
      response.end(body);
    };
    answer().then(write, () => response.destroy());
  });
  server.listen({ port: plan.port, host: "127.0.0.1", backlog: 4_096 });
  await once(server, "listening");
}

async function listenWithUnderPressure(): Promise<void> {
  const { fastify } = await import("fastify");
  const { default: underPressure } = await import("@fastify/under-pressure");
  const app = fastify();
  // The thresholds of its documentation, but for those of memory: they would depend on what else the process has loaded.
  await app.register(underPressure, { maxEventLoopDelay: 1_000, maxEventLoopUtilization: 0.98 });
  app.get("/*", async (_request, reply) => reply.type("application/json").send(await answer()));
  await app.listen({ port: plan.port, host: "127.0.0.1", backlog: 4_096 });
}
