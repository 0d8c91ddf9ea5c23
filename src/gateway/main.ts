import { messageOf, TenfoldError } from "../kernel/index.ts";
import { Gateway } from "./gateway.ts";
import type { FailureReport, FromGateway, GatewayProcessArguments, ToGateway } from "./process-protocol.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * The gateway as a process of its own. The platform gives it snapshots; when the platform is gone it serves on from the last
 * one, for the grace period, and then ends by itself.
 *
 *     started ──snapshot──► serving ──SIGTERM, drain, orphaned too long──► draining ──► exit 0
 *         └── cannot listen ──► exit 1
 */
const args = JSON.parse(process.argv[2] ?? "{}") as Partial<GatewayProcessArguments>;
const { orphanGraceMs = 30_000, drainMs = 30_000, accessLogPath, reusePort = false } = args;

const gateway = new Gateway({
  reusePort,
  ...(accessLogPath === undefined ? {} : { accessLogPath }),
  onDrained: (upstream, version) => send({ type: "drained", upstream, version }),
});
let isServing = false;
let isEnding = false;
/** Snapshots take effect one after another: the second may come while the first still opens its ports. */
let turn: Promise<void> = Promise.resolve();

process.on("message", (message: ToGateway) => {
  switch (message.type) {
    case "snapshot":
      turn = turn.then(() => putIntoEffect(message.snapshot));
      break;
    case "drain":
      void end(message.graceMs);
      break;
    case "figures":
      if (isServing && !isEnding) send({ type: "figures", id: message.id, figures: gateway.figures() });
      break;
  }
});
process.on("disconnect", () => {
  setTimeout(() => void end(drainMs), orphanGraceMs).unref();
  if (!isServing) process.exit(0);
});
process.on("SIGTERM", () => void end(drainMs));
// Ctrl-C reaches the whole terminal; the platform ends the gateway when its turn has come.
process.on("SIGINT", () => undefined);

async function putIntoEffect(snapshot: Snapshot): Promise<void> {
  if (isEnding) return;
  try {
    if (isServing) await gateway.apply(snapshot);
    else await gateway.start(snapshot);
  } catch (error) {
    send({ type: "failed", version: snapshot.version, error: toReport(error) }, () => {
      if (!isServing) process.exit(1);
    });
    return;
  }
  const addresses = gateway.addresses();
  if (!isServing) send({ type: "listening", addresses });
  isServing = true;
  send({ type: "applied", version: snapshot.version, addresses });
}

async function end(graceMs: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await turn;
  await gateway.drain(graceMs);
  process.exit(0);
}

function send(message: FromGateway, onSent: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, onSent);
  else onSent();
}

function toReport(error: unknown): FailureReport {
  return error instanceof TenfoldError ? error.toJSON() : { code: "GATEWAY_FAILED", message: messageOf(error) };
}
