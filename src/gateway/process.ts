import { EventEmitter, once } from "node:events";
import { codeOf, maxSocketPathBytes, poll, type ProcessIdentity, withDeadline } from "../kernel/index.ts";
import type { PurgeOrder, PurgeOutcome } from "./cache-port.ts";
import { ControlLink, type OpenedLink } from "./control/control-link.ts";
import { fromReport } from "./control/failure.ts";
import { gatewayNotRunning, gatewayProcessEnded, gatewayUnresponsive, socketPathTooLong } from "./errors.ts";
import type { GatewayFigures } from "./figures.ts";
import type { GatewayAddress } from "./gateway.ts";
import { heapArguments } from "./heap.ts";
import { launch, type LaunchOrder } from "./launch.ts";
import type { LoadWindow } from "./overload/concurrency-policy.ts";
import { askForSuccessor, type Predecessor } from "./predecessor.ts";
import type { FromGateway, GatewayProcessArguments } from "./process-protocol.ts";
import { removeSockets } from "./process-sockets.ts";
import { askToPurge } from "./purging.ts";
import type { Snapshot } from "./snapshot.ts";
import { type Ending, WatchedProcess } from "./watched-process.ts";

export interface GatewayProcessOptions extends GatewayProcessArguments {
  /** The module that runs `serve`. */
  readonly program: string;
  readonly execArgv?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Where its standard output and standard error go. Default: nowhere. */
  readonly logPath?: string;
  /** How long it may take to answer. Default 10 s. */
  readonly replyMs?: number;
}

const connectEveryMs = 10;
/** So long after its time, or after it has closed the control channel, a process that still lives is ended. */
const overdueMs = 2_000;

interface Events {
  /** It runs, and does not serve yet: whoever remembers processes must do so now. What a listener throws ends it. */
  started: [identity: ProcessIdentity];
  /** The process has ended: exit code, signal; both `null` when another process had started it. */
  exit: [code: number | null, signal: NodeJS.Signals | null];
  drained: [upstreamId: string];
  /** What it has measured at a service. */
  load: [service: string, window: LoadWindow, limit: number];
}

/**
 * The platform's hold on a gateway process, by its control socket. The process may be no child of this one, as a gateway starts its own
 * successor, and it outlives the platform: one that is killed takes no gateway along.
 */
export class GatewayProcess extends EventEmitter<Events> implements AsyncDisposable, Predecessor {
  readonly #options: GatewayProcessOptions;
  readonly #replyMs: number;
  /** Upstreams that the process was told of, and in which version last, that it has not reported as drained since. */
  readonly #held = new Map<string, number>();
  #process: WatchedProcess | undefined;
  #link: ControlLink | undefined;
  #addresses: readonly GatewayAddress[] = [];
  #hasExited = false;

  constructor(options: GatewayProcessOptions) {
    super();
    this.#options = options;
    this.#replyMs = options.replyMs ?? 10_000;
    this.setMaxListeners(0);
  }

  get pid(): number | undefined {
    return this.#process?.identity.pid;
  }

  /** As of the last snapshot that took effect. */
  get addresses(): readonly GatewayAddress[] {
    return this.#addresses;
  }

  /** Starts the process and waits until it serves. @throws GATEWAY_PORT_IN_USE, GATEWAY_PROCESS_ENDED, GATEWAY_UNRESPONSIVE */
  async start(snapshot: Snapshot): Promise<void> {
    await this.#begin(snapshot, async () => {
      const child = launch(this.#order());
      if (child.pid !== undefined) return new WatchedProcess(child.pid, child);
      const [error] = (await once(child, "error")) as [Error];
      throw error;
    });
  }

  /**
   * Lets another gateway start the process, with its listening sockets, and waits until it serves there too. After that, and `settle()`,
   * the other one may end: nobody who connects will notice.
   *
   * @throws GATEWAY_ENDING, GATEWAY_SUCCESSOR_FAILED, and as `start`
   */
  async succeed(predecessor: Predecessor, snapshot: Snapshot): Promise<void> {
    await this.#begin(snapshot, async () => new WatchedProcess(await predecessor.launchSuccessor(this.#order())));
  }

  async launchSuccessor(order: LaunchOrder): Promise<number> {
    return askForSuccessor(this.#connected(), order);
  }

  /** Resolves when the snapshot is in effect. @throws what kept it from that */
  async apply(snapshot: Snapshot): Promise<void> {
    const { version } = snapshot;
    for (const { upstreams } of Object.values(snapshot.services)) {
      for (const { id } of upstreams) this.#held.set(id, version);
    }
    this.#addresses = await this.#connected().ask(
      () => ({ type: "snapshot", snapshot }),
      "take a snapshot",
      (message) => {
        if (message.type === "failed" && message.version === version) throw fromReport(message.error);
        return message.type === "applied" && message.version >= version ? message.addresses : undefined;
      },
    );
  }

  /** The listeners of the last snapshot are all there will be: what else it has inherited, it gives up. */
  settle(): void {
    this.#link?.send({ type: "settle" });
  }

  /** Of the requests at once that all gateways may have at the service, its part. */
  limitConcurrency(service: string, limit: number): void {
    this.#link?.send({ type: "concurrency", service, limit });
  }

  /** `true`: no request holds the upstream any more (also when there is no gateway any more); `false`: the deadline has passed. */
  async whenDrained(upstreamId: string, deadlineMs: number): Promise<boolean> {
    const isFree = (): boolean => this.#hasExited || !this.#held.has(upstreamId);
    if (isFree()) return true;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.off("drained", check).off("exit", check);
        resolve(isFree());
      };
      const check = (): void => void (isFree() && end());
      const timer = setTimeout(end, deadlineMs);
      this.on("drained", check).on("exit", check);
    });
  }

  async figures(): Promise<GatewayFigures> {
    return this.#connected().ask(
      (id) => ({ type: "figures", id }),
      "give its figures",
      (message, id) => (message.type === "figures" && message.id === id ? message.figures : undefined),
    );
  }

  /** @returns `undefined`: it has no cache: it has not begun to serve, or has ended. @throws as `askToPurge`, while it lives */
  async purge(order: PurgeOrder): Promise<PurgeOutcome | undefined> {
    const [link, watched] = [this.#link, this.#process];
    if (link === undefined || watched === undefined || this.#hasExited) return undefined;
    try {
      return await askToPurge(link, order);
    } catch (error) {
      // Who ends, or is killed, closes its channel a moment before it is gone.
      const late = gatewayProcessEnded(null, null);
      if (link.isClosed) await withDeadline(watched.whenEnded, overdueMs, () => late).catch(() => {});
      if (!watched.isAlive) return undefined;
      throw error;
    }
  }

  /** Lets it drain, for `graceMs`, then makes sure that it has ended. */
  async stop(graceMs = this.#options.drainMs): Promise<void> {
    const watched = this.#process;
    if (watched === undefined || this.#hasExited) return;
    const exited = once(this, "exit");
    if (this.#link?.isClosed === false) this.#link.send({ type: "drain", graceMs });
    else {
      watched.signal("SIGTERM");
      watched.watch();
    }
    const overdue = gatewayUnresponsive(graceMs, "drain and end");
    await withDeadline(exited, graceMs + overdueMs, () => overdue).catch(async (error: unknown) => {
      if (error !== overdue) throw error;
      watched.signal("SIGKILL");
      await exited;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #order(): LaunchOrder {
    const { program, execArgv = heapArguments(0), env = process.env, logPath, replyMs: _, ...args } = this.#options;
    return {
      program: process.execPath,
      args: [...execArgv, program, JSON.stringify(args)],
      cwd: process.cwd(),
      env,
      ...(logPath === undefined ? {} : { logPath }),
    };
  }

  async #begin(snapshot: Snapshot, launchIt: () => Promise<WatchedProcess>): Promise<void> {
    const { controlPath } = this.#options;
    if (Buffer.byteLength(controlPath) > maxSocketPathBytes) throw socketPathTooLong(controlPath, maxSocketPathBytes);
    const watched = await launchIt();
    this.#process = watched;
    void watched.whenEnded.then((ending) => this.#onEnd(ending));
    try {
      this.emit("started", watched.identity);
      this.#hold(await this.#connect(watched), watched);
      await this.apply(snapshot);
    } catch (error) {
      await this.stop(0);
      throw error;
    }
  }

  /** A process that has just begun does not listen yet. */
  #connect(watched: WatchedProcess): Promise<OpenedLink> {
    return poll(
      async () => {
        if (!watched.isAlive) throw await this.#endOf(watched);
        try {
          return await ControlLink.open(this.#options.controlPath, this.#replyMs);
        } catch (error) {
          if (codeOf(error) === "ENOENT" || codeOf(error) === "ECONNREFUSED") return undefined;
          throw error;
        }
      },
      {
        everyMs: connectEveryMs,
        deadlineMs: this.#replyMs,
        onTimeout: () => gatewayUnresponsive(this.#replyMs, "open its control socket"),
      },
    );
  }

  async #endOf(watched: WatchedProcess): Promise<Error> {
    watched.watch();
    const { code, signal } = await watched.whenEnded;
    return gatewayProcessEnded(code, signal);
  }

  #connected(): ControlLink {
    if (this.#link === undefined || this.#hasExited) throw gatewayNotRunning();
    return this.#link;
  }

  #hold({ link, hello }: OpenedLink, watched: WatchedProcess): void {
    this.#link = link;
    this.#addresses = hello.addresses;
    link.on("message", (message) => this.#onMessage(message));
    link.once("close", () => {
      watched.watch();
      // Why ever it has closed the channel, it is of no more use, and would end itself when the grace is over.
      const overdue = setTimeout(() => watched.signal("SIGTERM"), overdueMs).unref();
      void watched.whenEnded.then(() => clearTimeout(overdue));
    });
  }

  #onMessage(message: FromGateway): void {
    if (message.type === "load") this.emit("load", message.report.service, message.report.window, message.report.limit);
    if (message.type !== "drained") return;
    if (message.version >= (this.#held.get(message.upstream) ?? 0)) this.#held.delete(message.upstream);
    this.emit("drained", message.upstream);
  }

  /** Whoever asked for its end, or lost it, is told when it has said its last. */
  async #onEnd({ code, signal }: Ending): Promise<void> {
    if (this.#link?.isClosed === false) await once(this.#link, "close");
    this.#hasExited = true;
    removeSockets(this.#options.controlPath);
    this.emit("exit", code, signal);
  }
}
