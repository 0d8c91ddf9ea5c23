import { join } from "node:path";
import {
  canSharePorts,
  type GatewayFigures,
  type Predecessor,
  type PurgeOrder,
  type Snapshot,
} from "../gateway/index.ts";
import { type Clock, systemClock } from "../kernel/index.ts";
import { GatewayConcurrency } from "./gateway-concurrency.ts";
import { GatewaySlot, type GatewaySlotDeps, type GatewaySlotOptions } from "./gateway-slot.ts";
import type { Ledger } from "./ledger.ts";
import { purgeEverywhere, type PurgeReport, type PurgeTarget } from "./purge-everywhere.ts";
import type { GatewayStatus } from "./status.ts";

export interface GatewaysOptions extends GatewaySlotOptions {
  readonly count: number;
}

export type GatewayEvent = Parameters<GatewaySlotDeps["onEvent"]>[0] | "alone" | "waiting";

export interface GatewaysDeps {
  readonly ledger: Ledger;
  readonly onEvent: (type: GatewayEvent, message: string) => void;
}

const idlePollMs = 50;
/** A wait that is longer is explained. */
const worthAWordMs = 1_000;

/** The gateway processes of this platform: all serve the same snapshot, and one that dies is started again. */
export class Gateways {
  readonly #options: GatewaysOptions;
  readonly #deps: GatewaysDeps;
  readonly #canSharePorts: () => Promise<boolean>;
  readonly #concurrency = new GatewayConcurrency();
  #slots: readonly GatewaySlot[] = [];
  #snapshot: Snapshot | undefined;

  constructor(options: GatewaysOptions, deps: GatewaysDeps, sharing: () => Promise<boolean> = canSharePorts) {
    this.#options = options;
    this.#deps = deps;
    this.#canSharePorts = sharing;
  }

  /** @param predecessors of the gateway with the name: those whose sockets it may have */
  async start(snapshot: Snapshot, predecessors: (name: string) => readonly Predecessor[] = () => []): Promise<void> {
    this.#snapshot = snapshot;
    const deps = { ...this.#deps, concurrency: this.#concurrency, snapshot: () => this.#snapshot! };
    const { count: _, ...options } = this.#options;
    const ids = Array.from({ length: await this.#count() }, (_, index) => `gateway-${index + 1}`);
    const paths = ids.map((id) => join(this.#options.directories.sockets, `${id}.fellows`));
    this.#slots = ids.map((id, self) => {
      return new GatewaySlot(id, { ...options, peers: { paths, self } }, deps);
    });
    await Promise.all(this.#slots.map((slot) => slot.start(predecessors(slot.id))));
  }

  /** Resolves when every gateway serves the snapshot; with the reason when one that runs does not. */
  async apply(snapshot: Snapshot): Promise<unknown> {
    this.#snapshot = snapshot;
    this.#concurrency.keep(Object.keys(snapshot.services));
    const failures = await Promise.all(this.#slots.map((slot) => slot.apply(snapshot)));
    return failures.find((failure) => failure !== undefined);
  }

  /** What they listen on is all there will be: what else they have inherited, they give up. */
  settle(): void {
    for (const slot of this.#slots) slot.settle();
  }

  /** One after the other, by processes with the same listening sockets: nobody who connects notices. */
  async replace(): Promise<void> {
    for (const slot of this.#slots) await slot.replace();
  }

  /** Resolves when no gateway has a request in flight to the upstream, or the time is over. */
  async whenDrained(upstreamId: string, deadlineMs: number): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.whenDrained(upstreamId, deadlineMs)));
  }

  /** Resolves when no request is in progress, upgraded connections aside, or the time is over. */
  async whenIdle(deadlineMs: number, clock: Clock = systemClock): Promise<void> {
    const started = clock.monotonic();
    let isSaid = false;
    while (clock.monotonic() < started + deadlineMs) {
      const active = (await Promise.all(this.#slots.map((slot) => slot.active()))).reduce((sum, each) => sum + each, 0);
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
    const answers = await Promise.all(this.#slots.map(async (slot) => [slot.id, await slot.figures()] as const));
    return new Map(answers.filter((answer): answer is [string, GatewayFigures] => answer[1] !== undefined));
  }

  /**
   * Resolves when nothing that the orders mean is in a cache any more.
   *
   * @param others gateways of an earlier platform, as long as they drain
   * @throws CACHE_PURGE_INCOMPLETE
   */
  purge(orders: readonly PurgeOrder[], others: () => readonly PurgeTarget[] = () => []): Promise<PurgeReport> {
    return purgeEverywhere(orders, () => [...this.#slots.flatMap((slot) => slot.purgeTargets()), ...others()]);
  }

  status(): GatewayStatus[] {
    return this.#slots.flatMap((slot) => slot.status());
  }

  async stop(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.stop()));
  }

  async #count(): Promise<number> {
    const { count } = this.#options;
    if (count === 1 || (await this.#canSharePorts())) return count;
    const why = "this system does not let processes share a port (SO_REUSEPORT)";
    this.#deps.onEvent("alone", `${why}: one gateway serves, instead of ${count}`);
    return 1;
  }
}
