import type { ResolvedConfig } from "../config/index.ts";
import type { LimitSettings, Snapshot, UpstreamSnapshot } from "../gateway/index.ts";
import type { Gateways } from "./gateways.ts";
import { composeSnapshot } from "./snapshot.ts";

/** Where the snapshot's parts come from, each as it is when asked. */
export interface SnapshotSources {
  readonly config: () => ResolvedConfig;
  readonly upstreams: () => Readonly<Record<string, readonly UpstreamSnapshot[]>>;
  readonly internalPorts: () => Readonly<Record<string, number>>;
  readonly limits: () => LimitSettings | undefined;
}

/**
 * Brings what the gateways serve up to date. Changes that come while a snapshot is on its way are gathered into the next one: `publish()` resolves
 * when a snapshot that was composed after the call has been taken by every gateway; with the reason, when one did not take it.
 */
export class Publisher {
  readonly #sources: SnapshotSources;
  readonly #gateways: Gateways;
  #version = 0;
  #publicPort: number | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<unknown> | undefined;

  constructor(sources: SnapshotSources, gateways: Gateways) {
    this.#sources = sources;
    this.#gateways = gateways;
  }

  /** The public address; `undefined` while it is closed. */
  get url(): string | undefined {
    if (this.#publicPort === undefined) return undefined;
    const { host } = this.#sources.config().gateway;
    const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
    return `http://${shown.includes(":") ? `[${shown}]` : shown}:${this.#publicPort}`;
  }

  compose(): Snapshot {
    const { config, upstreams, internalPorts, limits } = this.#sources;
    this.#version++;
    return composeSnapshot({
      version: this.#version,
      config: config(),
      upstreams: upstreams(),
      internalPorts: internalPorts(),
      limits: limits(),
      publicPort: this.#publicPort,
    });
  }

  /** From the next snapshot on the gateways listen on the public port. */
  open(port: number): void {
    this.#publicPort = port;
  }

  /** From the next snapshot on they do not. */
  close(): void {
    this.#publicPort = undefined;
  }

  publish(): Promise<unknown> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      this.#running = this.#gateways.apply(this.compose());
      return this.#running;
    });
    return this.#next;
  }

  /** For the fleet: resolves when no gateway has a request in flight to the instance, or the time is over. */
  async leave(instance: string, deadlineMs: number): Promise<void> {
    await this.publish();
    await this.#gateways.whenDrained(instance, deadlineMs);
  }
}
