import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { type GatewayFigures, GatewayProcess, type Snapshot } from "../gateway/index.ts";
import { type Backoff, backoffMs, type Clock, identifyProcess, messageOf, systemClock } from "../kernel/index.ts";
import type { Ledger } from "./ledger.ts";
import type { GatewayStatus } from "./status.ts";

export interface GatewaysOptions {
  readonly count: number;
  readonly logDirectory: string;
  readonly orphanGraceMs: number;
  /** How long a gateway may take to let go of its clients. */
  readonly drainMs: number;
}

export interface GatewaysDeps {
  readonly ledger: Ledger;
  readonly onEvent: (type: "crashed" | "restarted" | "behind" | "waiting", message: string) => void;
}

const idlePollMs = 50;
/** A wait that is longer is explained. */
const worthAWordMs = 1_000;
const restartBackoff: Backoff = { baseMs: 100, maxMs: 10_000 };
/** A gateway that served for so long has recovered: its next crash counts as the first. */
const recoveredMs = 60_000;

interface Slot {
  readonly id: string;
  process: GatewayProcess;
  state: GatewayStatus["state"];
  snapshot: number;
  restarts: number;
  /** Crashes in a row. */
  crashes: number;
  startedAt: number;
}

/** The gateway processes of this platform: all serve the same snapshot, and one that dies is started again. */
export class Gateways {
  readonly #options: GatewaysOptions;
  readonly #deps: GatewaysDeps;
  readonly #slots: Slot[] = [];
  readonly #restarts = new Set<NodeJS.Timeout>();
  #snapshot: Snapshot | undefined;
  #isStopped = false;

  constructor(options: GatewaysOptions, deps: GatewaysDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  async start(snapshot: Snapshot): Promise<void> {
    this.#snapshot = snapshot;
    for (let number = 1; number <= this.#options.count; number++) {
      const id = `gateway-${number}`;
      this.#slots.push({
        id,
        process: this.#create(),
        state: "stopped",
        snapshot: 0,
        restarts: 0,
        crashes: 0,
        startedAt: 0,
      });
    }
    await Promise.all(this.#slots.map((slot) => this.#run(slot)));
  }

  /**
   * Resolves when every gateway that runs serves the snapshot. One that does not take it is ended, and starts again with it: then
   * resolves with the reason.
   */
  async apply(snapshot: Snapshot): Promise<unknown> {
    this.#snapshot = snapshot;
    const failures = await Promise.all(
      this.#slots
        .filter(({ state }) => state === "ready")
        .map(async (slot) => {
          try {
            await slot.process.apply(snapshot);
            slot.snapshot = Math.max(slot.snapshot, snapshot.version);
            return undefined;
          } catch (error) {
            if (slot.state !== "ready") return undefined;
            this.#deps.onEvent("behind", `${slot.id} did not take snapshot ${snapshot.version}: ${messageOf(error)}`);
            await slot.process.stop(this.#options.drainMs);
            return error;
          }
        }),
    );
    return failures.find((failure) => failure !== undefined);
  }

  /** Resolves when no gateway has a request in flight to the upstream, or the time is over. */
  async whenDrained(upstreamId: string, deadlineMs: number): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.process.whenDrained(upstreamId, deadlineMs)));
  }

  /** Resolves when no request is in progress, upgraded connections aside, or the time is over. */
  async whenIdle(deadlineMs: number, clock: Clock = systemClock): Promise<void> {
    const started = clock.monotonic();
    let isSaid = false;
    while (clock.monotonic() < started + deadlineMs) {
      const active = [...(await this.figures()).values()].reduce((sum, figures) => sum + figures.active, 0);
      if (active === 0) return;
      if (!isSaid && clock.monotonic() > started + worthAWordMs) {
        isSaid = true;
        this.#deps.onEvent("waiting", `${active} requests are still in flight; a second Ctrl-C ends at once`);
      }
      await clock.sleep(idlePollMs);
    }
  }

  /** What each gateway has counted; one that does not answer is missing. */
  async figures(): Promise<ReadonlyMap<string, GatewayFigures>> {
    const answers = await Promise.all(
      this.#slots.map(async ({ id, process }) => [id, await process.figures().catch(() => undefined)] as const),
    );
    return new Map(answers.filter((answer): answer is [string, GatewayFigures] => answer[1] !== undefined));
  }

  status(): GatewayStatus[] {
    return this.#slots.map(({ id, process, state, snapshot, restarts }) => ({
      id,
      pid: state === "stopped" ? undefined : process.pid,
      state,
      snapshot,
      restarts,
    }));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    await Promise.all(
      this.#slots.map(async (slot) => {
        if (slot.state === "ready") slot.state = "draining";
        await slot.process.stop();
        slot.state = "stopped";
      }),
    );
  }

  #create(): GatewayProcess {
    const { logDirectory, orphanGraceMs, drainMs } = this.#options;
    const log = openSync(join(logDirectory, "gateway.log"), "a");
    const process = new GatewayProcess({
      accessLogPath: join(logDirectory, "access.log"),
      reusePort: true, // A successor shares the ports until this one has drained.
      orphanGraceMs,
      drainMs,
      stdio: { stdout: log, stderr: log },
    });
    process.once("exit", () => closeSync(log));
    return process;
  }

  async #run(slot: Slot): Promise<void> {
    const { process } = slot;
    slot.state = "starting";
    slot.startedAt = performance.now();
    process.once("exit", (code, signal) => this.#onExit(slot, signal ?? `exit code ${code}`));
    const snapshot = this.#snapshot!;
    const started = process.start(snapshot);
    const identity = process.pid === undefined ? undefined : identifyProcess(process.pid);
    if (identity !== undefined) {
      const stop = { signal: "SIGTERM", graceMs: this.#options.drainMs } as const;
      this.#deps.ledger.add({ kind: "gateway", name: slot.id, identity, stop });
    }
    await started;
    slot.state = "ready";
    slot.snapshot = snapshot.version;
    if (this.#snapshot!.version > snapshot.version) await this.apply(this.#snapshot!);
  }

  #onExit(slot: Slot, reason: string): void {
    if (slot.process.pid !== undefined) this.#deps.ledger.remove(slot.process.pid);
    const wasReady = slot.state === "ready";
    slot.state = "stopped";
    if (this.#isStopped || (!wasReady && slot.restarts === 0)) return; // The first start reports its own failure.
    slot.crashes = performance.now() - slot.startedAt > recoveredMs ? 1 : slot.crashes + 1;
    const waitMs = slot.crashes === 1 ? 0 : backoffMs(slot.crashes - 1, restartBackoff);
    this.#deps.onEvent("crashed", `${slot.id} ended by ${reason}; it starts again`);
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      slot.restarts++;
      slot.process = this.#create();
      this.#run(slot).then(
        () => this.#deps.onEvent("restarted", `${slot.id} serves again`),
        () => {}, // Its exit has been seen, and a further start is on its way.
      );
    }, waitMs);
    this.#restarts.add(timer);
  }
}
