import type { ResolvedHealth } from "../config/index.ts";
import type { Clock } from "../kernel/index.ts";
import { type HealthState, healthyState, observeHealth } from "./health-state.ts";
import { probe, type ProbeResult } from "./probe.ts";

export interface HealthVerdict {
  readonly healthy: boolean;
  /** Why not. */
  readonly reason?: string;
  /** Whether the last check was answered, with whatever. */
  readonly answered: boolean;
  /** Epoch milliseconds of the verdict. */
  readonly since: number;
}

/** Checks one origin at intervals, until it is stopped. */
export class HealthWatch {
  readonly #origin: string;
  readonly #settings: () => ResolvedHealth | false;
  readonly #onChange: (verdict: HealthVerdict) => void;
  readonly #clock: Clock;
  readonly #stopped = new AbortController();
  #state: HealthState = healthyState;
  #verdict: HealthVerdict;

  /** @param settings read before each check, since a reload of the config may change them */
  constructor(
    origin: string,
    settings: () => ResolvedHealth | false,
    { onChange, clock }: { readonly onChange: (verdict: HealthVerdict) => void; readonly clock: Clock },
  ) {
    this.#origin = origin;
    this.#settings = settings;
    this.#onChange = onChange;
    this.#clock = clock;
    this.#verdict = { healthy: true, answered: true, since: clock.now() };
  }

  get verdict(): HealthVerdict {
    return this.#verdict;
  }

  /** Checks once; that answer alone is the verdict. For an origin that is not known yet. */
  async begin(): Promise<void> {
    const health = this.#settings();
    if (health === false) return;
    const result = await this.#probe(health);
    if (this.#stopped.signal.aborted || result.ok) return;
    this.#state = { healthy: false, against: 0 };
    this.#judge(result);
  }

  start(): void {
    void this.#run(this.#stopped.signal);
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let checkedAt = this.#clock.monotonic();
    while (!signal.aborted) {
      const health = this.#settings();
      const intervalMs = health === false ? idleMs : health.intervalMs;
      const pauseMs = Math.max(0, checkedAt + intervalMs - this.#clock.monotonic());
      await this.#clock.sleep(pauseMs, signal).catch(() => {});
      checkedAt = this.#clock.monotonic();
      if (signal.aborted || health === false) continue;
      const result = await this.#probe(health);
      if (signal.aborted) return;
      this.#state = observeHealth(this.#state, result.ok, health);
      this.#judge(result);
    }
  }

  #probe({ path, timeoutMs }: ResolvedHealth): Promise<ProbeResult> {
    const target = { origin: this.#origin, ...(path === undefined ? {} : { path }) };
    return probe(target, timeoutMs, this.#stopped.signal);
  }

  #judge(result: ProbeResult): void {
    const { healthy } = this.#state;
    const before = this.#verdict;
    const since = before.healthy === healthy ? before.since : this.#clock.now();
    const answered = result.ok || result.answered;
    this.#verdict = { healthy, answered, since, ...(healthy || result.ok ? {} : { reason: result.reason }) };
    // An instance that no longer even answers may have to be replaced where one that answers may not.
    if (before.healthy !== healthy || (!healthy && before.answered !== answered)) this.#onChange(this.#verdict);
  }
}

/** How often to look whether checks were switched on. */
const idleMs = 5_000;
