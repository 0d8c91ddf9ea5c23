/**
 * The load, as a process of its own: `node main.ts '{"port":8080,…}'`, as `load-plan.ts` has it. What is to be sent when does not depend on what comes back
 * (an open loop), and times count from when a request was to be sent: who is slow cannot slow down who asks.
 */
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { seededRandom } from "../../../test/support/overload/chance.ts";
import { Connections } from "./connections.ts";
import type { LoadPlan } from "./load-plan.ts";
import { Stream } from "./stream.ts";

const plan = JSON.parse(process.argv[2]!) as LoadPlan;
process.on("disconnect", () => process.exit());

const connections = new Connections(plan.port);
const now = performance.now();
const streams = plan.streams.map(
  (stream, index) => new Stream(plan, stream, { connections, random: seededRandom(plan.seed + index), now }),
);
const endsAt = now + plan.seconds * 1_000;
for (;;) {
  for (const stream of streams) stream.look(performance.now());
  if (performance.now() > endsAt && streams.every(({ isOver }) => isOver)) break;
  await pause(1);
  await nextTurn();
}
connections.close();
process.send!(streams.map((stream) => stream.result()));
process.disconnect();
