import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { programBeside, TenfoldError, withDeadline } from "../kernel/index.ts";
import { gatewayNotRunning, gatewayProcessEnded, gatewayUnresponsive } from "./errors.ts";
import type { GatewayFigures } from "./figures.ts";
import type { GatewayAddress } from "./gateway.ts";
import type { FromGateway, GatewayProcessArguments, ToGateway } from "./process-protocol.ts";
import type { Snapshot } from "./snapshot.ts";

export interface GatewayProcessOptions extends GatewayProcessArguments {
  readonly execArgv?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Where its stdout and stderr go: file descriptors, or nowhere. */
  readonly stdio?: { readonly stdout: number; readonly stderr: number };
  /** How long it may take to answer. Default 10 s. */
  readonly replyMs?: number;
}

/** Requests are short-lived garbage: with room for more of it, less survives to be collected at cost. Megabytes. */
const defaultExecArgv = ["--max-semi-space-size=32"];

interface Events {
  /** The process has ended: exit code, signal. */
  exit: [code: number | null, signal: NodeJS.Signals | null];
  drained: [upstreamId: string];
  applied: [version: number];
  failed: [version: number, error: TenfoldError];
  figures: [id: number, figures: GatewayFigures];
}

/** The platform's hold on a gateway process. The process outlives it: a platform that is killed takes no gateway along. */
export class GatewayProcess extends EventEmitter<Events> implements AsyncDisposable {
  readonly #options: GatewayProcessOptions;
  readonly #replyMs: number;
  /** Upstreams that the process was told of, and in which version last, that it has not reported as drained since. */
  readonly #held = new Map<string, number>();
  #child: ChildProcess | undefined;
  #addresses: readonly GatewayAddress[] = [];
  #figuresAsked = 0;
  #hasExited = false;

  constructor(options: GatewayProcessOptions) {
    super();
    this.#options = options;
    this.#replyMs = options.replyMs ?? 10_000;
    this.setMaxListeners(0);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** As of the last snapshot that took effect. */
  get addresses(): readonly GatewayAddress[] {
    return this.#addresses;
  }

  /** Starts the process and waits until it serves. @throws GATEWAY_PORT_IN_USE, GATEWAY_PROCESS_ENDED, GATEWAY_UNRESPONSIVE */
  async start(snapshot: Snapshot): Promise<void> {
    const { execArgv = defaultExecArgv, env = process.env, stdio, ...args } = this.#options;
    const { accessLogPath, reusePort, orphanGraceMs, drainMs } = args;
    const argument = JSON.stringify({ accessLogPath, reusePort, orphanGraceMs, drainMs });
    const child = spawn(process.execPath, [...execArgv, programBeside(import.meta.filename, "main"), argument], {
      env,
      detached: true,
      stdio: ["ignore", stdio?.stdout ?? "ignore", stdio?.stderr ?? "ignore", "ipc"],
    });
    this.#child = child;
    child.on("message", (message: FromGateway) => this.#onMessage(message));
    child.on("error", () => this.#onExit(null, null));
    child.on("exit", (code, signal) => this.#onExit(code, signal));
    try {
      await this.apply(snapshot);
    } catch (error) {
      await this.stop(0);
      throw error;
    }
  }

  /** Resolves when the snapshot is in effect. @throws what kept it from that */
  async apply(snapshot: Snapshot): Promise<void> {
    for (const { upstreams } of Object.values(snapshot.services)) {
      for (const { id } of upstreams) this.#held.set(id, snapshot.version);
    }
    await this.#ask({ type: "snapshot", snapshot }, "take a snapshot", (done, fail) => {
      const onApplied = (version: number): void => void (version >= snapshot.version && done());
      const onFailed = (version: number, error: TenfoldError): void =>
        void (version === snapshot.version && fail(error));
      this.on("applied", onApplied).on("failed", onFailed);
      return () => this.off("applied", onApplied).off("failed", onFailed);
    });
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
    const asked = ++this.#figuresAsked;
    return this.#ask<GatewayFigures>({ type: "figures", id: asked }, "give its figures", (done) => {
      const onFigures = (id: number, figures: GatewayFigures): void => void (id === asked && done(figures));
      this.on("figures", onFigures);
      return () => this.off("figures", onFigures);
    });
  }

  /** Lets it drain, for `graceMs`, then makes sure that it has ended. */
  async stop(graceMs = this.#options.drainMs): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.#hasExited) return;
    const exited = once(this, "exit");
    if (child.connected) child.send({ type: "drain", graceMs } satisfies ToGateway, () => undefined);
    else child.kill("SIGTERM");
    const overdue = gatewayUnresponsive(graceMs, "drain and end");
    await withDeadline(exited, graceMs + 2_000, () => overdue).catch(async (error: unknown) => {
      if (error !== overdue) throw error;
      child.kill("SIGKILL");
      await exited;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #ask<T = void>(
    message: ToGateway,
    what: string,
    listen: (done: (value: T) => void, fail: (error: Error) => void) => () => unknown,
  ): Promise<T> {
    const child = this.#child;
    if (child === undefined || this.#hasExited || !child.connected) return Promise.reject(gatewayNotRunning());
    let release = (): unknown => undefined;
    const answered = new Promise<T>((resolve, reject) => {
      const unlisten = listen(resolve, reject);
      const onExit = (code: number | null, signal: string | null): void => reject(gatewayProcessEnded(code, signal));
      this.on("exit", onExit);
      release = () => [unlisten(), this.off("exit", onExit)];
      child.send(message, (error) => error !== null && reject(error));
    });
    return withDeadline(answered, this.#replyMs, () => gatewayUnresponsive(this.#replyMs, what)).finally(release);
  }

  #onMessage(message: FromGateway): void {
    switch (message.type) {
      case "listening":
        this.#addresses = message.addresses;
        break;
      case "applied":
        this.#addresses = message.addresses;
        this.emit("applied", message.version);
        break;
      case "failed": {
        const { code, message: text, ...details } = message.error;
        this.emit("failed", message.version, new TenfoldError(code, text, details));
        break;
      }
      case "drained":
        if (message.version >= (this.#held.get(message.upstream) ?? 0)) this.#held.delete(message.upstream);
        this.emit("drained", message.upstream);
        break;
      case "figures":
        this.emit("figures", message.id, message.figures);
        break;
    }
  }

  #onExit(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#hasExited) return;
    this.#hasExited = true;
    this.emit("exit", code, signal);
  }
}
