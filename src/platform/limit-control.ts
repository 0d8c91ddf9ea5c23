import type { ResolvedConfig } from "../config/index.ts";
import type { GatewayFigures } from "../gateway/index.ts";
import { type Clock, systemClock } from "../kernel/index.ts";
import { limitChangeIncomplete } from "./errors.ts";
import { type KeptAdjustment, type LimitAdjustments, toAdjustments } from "./limit-adjustments.ts";
import { type AdjustmentRequest, type ResetRequest, toAdjustment, toSelection } from "./limit-request.ts";
import { storeOf } from "./limit-settings.ts";
import { type LimitsReport, limitsReport } from "./limits-report.ts";

export interface LimitControlDeps {
  readonly config: () => ResolvedConfig;
  readonly adjustments: LimitAdjustments;
  readonly figures: () => Promise<ReadonlyMap<string, GatewayFigures>>;
  /** Resolves when every gateway serves what is true now; with the reason when one does not. */
  readonly publish: () => Promise<unknown>;
  /** One line for people. */
  readonly onChange: (message: string) => void;
}

/** Limits while everything runs: what they are, and other rates for some time. */
export class LimitControl {
  readonly #deps: LimitControlDeps;
  readonly #clock: Clock;

  constructor(deps: LimitControlDeps, clock: Clock = systemClock) {
    this.#deps = deps;
    this.#clock = clock;
  }

  async report(): Promise<LimitsReport> {
    const { config, adjustments, figures } = this.#deps;
    const { limits } = config();
    return limitsReport({
      limits: limits.limits,
      events: limits.adjustments,
      adjustments: toAdjustments(adjustments.all, limits.limits),
      store: storeOf(config(), "").kind,
      gateways: (await figures()).values(),
      now: this.#clock.now(),
    });
  }

  /**
   * Resolves when every gateway goes by it.
   *
   * @throws LIMIT_CHANGE_UNKNOWN, LIMIT_CHANGE_AMBIGUOUS, LIMIT_CHANGE_INVALID, LIMIT_CHANGE_FULL,
   * LIMIT_CHANGE_NOT_KEPT, LIMIT_CHANGE_INCOMPLETE
   */
  async adjust(request: AdjustmentRequest): Promise<KeptAdjustment> {
    const { config, adjustments } = this.#deps;
    const adjustment = toAdjustment(request, config().limits.limits, this.#clock.now());
    await adjustments.add(adjustment);
    await this.#publish();
    this.#deps.onChange(`set the limit ${settingText(adjustment)}`);
    return adjustment;
  }

  /** What was adjusted at runtime, taken back. @returns what that was @throws as `adjust` */
  async reset(request: ResetRequest): Promise<readonly KeptAdjustment[]> {
    const { config, adjustments } = this.#deps;
    const removed = await adjustments.remove(toSelection(request, config().limits.limits));
    if (removed.length === 0) return removed;
    await this.#publish();
    this.#deps.onChange(`took back ${removed.map((each) => `${targetText(each)} (${each.rate})`).join(", ")}`);
    return removed;
  }

  async #publish(): Promise<void> {
    const failure = await this.#deps.publish();
    if (failure !== undefined) throw limitChangeIncomplete(failure);
  }
}

/** `"all/partner to 500/minute until 2026-11-27T18:00:00.000Z for sale"` */
function settingText({ from, until, event, ...rest }: KeptAdjustment): string {
  const time = (word: string, at: number | undefined): string =>
    at === undefined ? "" : ` ${word} ${new Date(at).toISOString()}`;
  const why = event === undefined ? "" : ` for ${event}`;
  return `${targetText(rest)} to ${rest.rate}${time("from", from)}${time("until", until)}${why}`;
}

function targetText({ limit, tier }: Pick<KeptAdjustment, "limit" | "tier">): string {
  return tier === undefined ? limit : `${limit}/${tier}`;
}
