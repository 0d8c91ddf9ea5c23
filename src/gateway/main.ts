import { once } from "node:events";
import { ControlServer, type Reply } from "./control/control-server.ts";
import { toReport } from "./control/failure.ts";
import { gatewayEnding, successorFailed } from "./errors.ts";
import { Gateway } from "./gateway.ts";
import { InheritedSockets } from "./inherited-sockets.ts";
import { launch, type LaunchOrder, type OpenSocket } from "./launch.ts";
import type { GatewayProcessArguments, ToGateway } from "./process-protocol.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * The gateway as a process of its own. A platform connects and gives it snapshots; when the platform is gone it serves on from the last
 * one, for the grace period, and then ends by itself. A platform that connects in that time ends the countdown.
 *
 *     started ──snapshot──► serving ──SIGTERM, drain, orphaned too long──► draining ──► exit 0
 *         ├── cannot listen ──► exit 1
 *         └── no platform comes, or it leaves ──► exit 0
 *
 * A successor that no platform has connected to is known to nobody but the process that started it, and ends with that.
 */
const args = JSON.parse(process.argv[2] ?? "{}") as GatewayProcessArguments;
const { controlPath, accessLogPath, orphanGraceMs, drainMs, reusePort = false } = args;
const handedOn = process.argv[3] === undefined ? undefined : (JSON.parse(process.argv[3]) as OpenSocket[]);
const attendWithinMs = 10_000;

const inherited = new InheritedSockets(handedOn);
const gateway = new Gateway({
  reusePort,
  inherited,
  ...(accessLogPath === undefined ? {} : { accessLogPath }),
  onDrained: (upstream, version) => control.broadcast({ type: "drained", upstream, version }),
});
const control = new ControlServer({ onMessage, onAttendance });
let isServing = false;
let isEnding = false;
/** Snapshots take effect one after another: the second may come while the first still opens its ports. */
let turn: Promise<void> = Promise.resolve();
let countdown: NodeJS.Timeout | undefined = setTimeout(exit, attendWithinMs);

process.on("SIGTERM", () => void end(drainMs));
// Ctrl-C reaches the whole terminal; the platform ends the gateway when its turn has come.
process.on("SIGINT", () => undefined);
if (handedOn !== undefined) {
  const onParentGone = (): void => void (!isServing && !control.isAttended && exit());
  process.stdin.on("close", onParentGone).on("error", () => undefined);
  process.stdin.resume();
}
await control.start(controlPath);

function onMessage(message: ToGateway, reply: Reply): void {
  switch (message.type) {
    case "attend":
      reply({ type: "hello", addresses: gateway.addresses() });
      break;
    case "snapshot":
      turn = turn.then(() => putIntoEffect(message.snapshot, reply));
      break;
    case "succeed":
      succeed(message.order).then(
        (pid) => reply({ type: "succeeded", id: message.id, pid }),
        (error: unknown) => reply({ type: "refused", id: message.id, error: toReport(error) }),
      );
      break;
    case "settle":
      inherited.closeUnused();
      break;
    case "drain":
      void end(message.graceMs);
      break;
    case "figures":
      if (gateway.isRunning) reply({ type: "figures", id: message.id, figures: gateway.figures() });
      break;
  }
}

function onAttendance(isAttended: boolean): void {
  clearTimeout(countdown);
  if (isAttended) return;
  if (!isServing) exit();
  countdown = setTimeout(() => void end(drainMs), orphanGraceMs);
}

async function putIntoEffect(snapshot: Snapshot, reply: Reply): Promise<void> {
  try {
    if (isServing) await gateway.apply(snapshot);
    else await gateway.start(snapshot);
  } catch (error) {
    reply({ type: "failed", version: snapshot.version, error: toReport(error) }, () => {
      if (!isServing) exit(1);
    });
    return;
  }
  isServing = true;
  reply({ type: "applied", version: snapshot.version, addresses: gateway.addresses() });
}

/** Two platforms that ask get a successor each; one that nobody connects to ends by itself. */
async function succeed(order: LaunchOrder): Promise<number> {
  await turn; // A listener that is about to open has a socket too.
  if (!isServing || isEnding) throw gatewayEnding();
  try {
    const child = launch(order, gateway.sockets());
    child.stdin!.on("error", () => undefined);
    await once(child, "spawn");
    child.on("error", () => undefined);
    return child.pid!;
  } catch (error) {
    throw successorFailed(error);
  }
}

async function end(graceMs: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await turn;
  await gateway.drain(graceMs);
  exit();
}

function exit(code = 0): never {
  control.stop();
  process.exit(code);
}
