import type { ResolvedConfig } from "../config/index.ts";
import type { Runnable } from "../kernel/index.ts";
import { LimitStoreServer, MemoryStore } from "../limits/index.ts";

/**
 * Where the gateway processes of this machine count together while there is no Redis: this process's memory, at a unix socket. What was counted goes with
 * it; gateways that cannot reach it decide by themselves, as each limit says.
 */
export class SharedLimits implements Runnable {
  readonly #server: LimitStoreServer | undefined;

  /** @param config as it is then, after any reload; how many gateways there are no reload changes */
  constructor(config: () => ResolvedConfig, path: string) {
    if (config().gateway.processes === 1) return;
    const maxKeysOf = (limit: string): number =>
      config().limits.limits.find(({ name }) => name === limit)?.maxKeys ?? fewKeys;
    this.#server = new LimitStoreServer(new MemoryStore({ maxKeysOf }), path);
  }

  async start(): Promise<void> {
    await this.#server?.start();
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Of a limit that a reload has taken away, and some gateway may ask for a little longer. */
const fewKeys = 1_000;
