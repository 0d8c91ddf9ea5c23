import { once } from "node:events";
import type { HttpCache } from "./cache-port.ts";
import { ControlServer, type Reply } from "./control/control-server.ts";
import { toReport } from "./control/failure.ts";
import { gatewayEnding, successorFailed } from "./errors.ts";
import { Gateway } from "./gateway.ts";
import { InheritedSockets } from "./inherited-sockets.ts";
import { launch, type LaunchOrder, type OpenSocket } from "./launch.ts";
import type { RequestLimits } from "./limits-port.ts";
import type { CreateConcurrencyPolicy } from "./overload/concurrency-policy.ts";
import { ToldConcurrency } from "./overload/told-concurrency.ts";
import type { FromGateway, GatewayProcessArguments, ToGateway } from "./process-protocol.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a gateway process is made of that the gateway itself knows nothing of: `platform` puts it together. */
export interface GatewayParts {
  readonly cache: HttpCache;
  readonly limits?: RequestLimits;
  readonly createConcurrencyPolicy?: CreateConcurrencyPolicy;
  /** @param controlPath where this process is controlled: a path of its own, beside which there is room for others */
  readonly createOrigins?: (controlPath: string) => Origins;
}

/** Servers inside this process that take the requests of some services. */
export interface Origins {
  /** Starts those that the snapshot needs. @returns the snapshot, with them as upstreams */
  prepare(snapshot: Snapshot): Promise<Snapshot>;
  /** The snapshot that was prepared last is in effect: others may go when they have answered what they have. */
  settle(): void;
  /** At once; what they had open is gone when it returns. */
  stop(): void;
}

const attendWithinMs = 10_000;

/** What a gateway process runs, told by its command line. */
export async function serve(parts: GatewayParts): Promise<void> {
  const args = JSON.parse(process.argv[2] ?? "{}") as GatewayProcessArguments;
  const handedOn = process.argv[3] === undefined ? undefined : (JSON.parse(process.argv[3]) as OpenSocket[]);
  await new ServedGateway(parts, args, handedOn).start();
}

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
class ServedGateway {
  readonly #args: GatewayProcessArguments;
  readonly #inherited: InheritedSockets;
  readonly #isSuccessor: boolean;
  readonly #gateway: Gateway;
  readonly #control: ControlServer;
  readonly #origins: Origins | undefined;
  readonly #concurrency = new ToldConcurrency((report) => this.#control.offer({ type: "load", report }));
  #isServing = false;
  #isEnding = false;
  /** Snapshots take effect one after another: the second may come while the first still opens its ports. */
  #turn: Promise<void> = Promise.resolve();
  #countdown: NodeJS.Timeout | undefined;

  constructor(parts: GatewayParts, args: GatewayProcessArguments, handedOn: readonly OpenSocket[] | undefined) {
    this.#args = args;
    this.#isSuccessor = handedOn !== undefined;
    this.#inherited = new InheritedSockets(handedOn);
    this.#control = new ControlServer({
      onMessage: (message, reply) => this.#onMessage(message, reply),
      onAttendance: (isAttended) => this.#onAttendance(isAttended),
    });
    this.#origins = parts.createOrigins?.(args.controlPath);
    const create = this.#sharing(parts.createConcurrencyPolicy);
    this.#gateway = new Gateway({
      cache: parts.cache,
      ...(parts.limits === undefined ? {} : { limits: parts.limits }),
      ...(create === undefined ? {} : { createConcurrencyPolicy: create }),
      reusePort: args.reusePort === true,
      inherited: this.#inherited,
      ...(args.peers === undefined ? {} : { peers: args.peers }),
      ...(args.accessLogPath === undefined ? {} : { accessLogPath: args.accessLogPath }),
      onDrained: (upstream, version) => this.#control.broadcast({ type: "drained", upstream, version }),
    });
  }

  /** Alone it decides for itself; among several, the platform does for all. */
  #sharing(create: CreateConcurrencyPolicy | undefined): CreateConcurrencyPolicy | undefined {
    if (create === undefined) return undefined;
    return (service, gateways) => {
      const own = create(service, gateways);
      return gateways === 1 ? own : this.#concurrency.create(service, Math.ceil(own.limit / gateways));
    };
  }

  async start(): Promise<void> {
    this.#countdown = setTimeout(() => this.#exit(), attendWithinMs);
    process.on("SIGTERM", () => void this.#end(this.#args.drainMs));
    // Ctrl-C reaches the whole terminal; the platform ends the gateway when its turn has come.
    process.on("SIGINT", () => undefined);
    if (this.#isSuccessor) {
      const onParentGone = (): void => void (!this.#isServing && !this.#control.isAttended && this.#exit());
      process.stdin.on("close", onParentGone).on("error", () => undefined);
      process.stdin.resume();
    }
    await this.#control.start(this.#args.controlPath);
  }

  #onMessage(message: ToGateway, reply: Reply): void {
    switch (message.type) {
      case "attend":
        reply({ type: "hello", addresses: this.#gateway.addresses() });
        break;
      case "snapshot":
        this.#turn = this.#turn.then(() => this.#putIntoEffect(message.snapshot, reply));
        break;
      case "succeed":
        this.#succeed(message.order).then(
          (pid) => reply({ type: "succeeded", id: message.id, pid }),
          (error: unknown) => reply({ type: "refused", id: message.id, error: toReport(error) }),
        );
        break;
      case "settle":
        this.#inherited.closeUnused();
        break;
      case "drain":
        void this.#end(message.graceMs);
        break;
      case "figures":
        if (this.#gateway.isRunning) reply({ type: "figures", id: message.id, figures: this.#gateway.figures() });
        break;
      case "concurrency":
        this.#concurrency.hear(message.service, message.limit);
        break;
      case "purge":
        reply(this.#purge(message));
        break;
    }
  }

  #onAttendance(isAttended: boolean): void {
    clearTimeout(this.#countdown);
    if (isAttended) return;
    if (!this.#isServing) this.#exit();
    this.#countdown = setTimeout(() => void this.#end(this.#args.drainMs), this.#args.orphanGraceMs);
  }

  async #putIntoEffect(snapshot: Snapshot, reply: Reply): Promise<void> {
    try {
      const prepared = (await this.#origins?.prepare(snapshot)) ?? snapshot;
      if (this.#isServing) await this.#gateway.apply(prepared);
      else await this.#gateway.start(prepared);
      this.#origins?.settle();
    } catch (error) {
      reply({ type: "failed", version: snapshot.version, error: toReport(error) }, () => {
        if (!this.#isServing) this.#exit(1);
      });
      return;
    }
    this.#isServing = true;
    reply({ type: "applied", version: snapshot.version, addresses: this.#gateway.addresses() });
  }

  /** Also while it drains: clients that it still has must not get what was purged. */
  #purge({ id, order }: Extract<ToGateway, { type: "purge" }>): FromGateway {
    try {
      return { type: "purged", id, outcome: this.#gateway.purge(order) };
    } catch (error) {
      return { type: "refused", id, error: toReport(error) };
    }
  }

  /** Two platforms that ask get a successor each; one that nobody connects to ends by itself. */
  async #succeed(order: LaunchOrder): Promise<number> {
    await this.#turn; // A listener that is about to open has a socket too.
    if (!this.#isServing || this.#isEnding) throw gatewayEnding();
    try {
      const child = launch(order, this.#gateway.sockets());
      child.stdin!.on("error", () => undefined);
      await once(child, "spawn");
      child.on("error", () => undefined);
      return child.pid!;
    } catch (error) {
      throw successorFailed(error);
    }
  }

  async #end(graceMs: number): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    await this.#turn;
    await this.#gateway.drain(graceMs);
    this.#exit();
  }

  #exit(code = 0): never {
    this.#origins?.stop();
    this.#control.stop();
    process.exit(code);
  }
}
