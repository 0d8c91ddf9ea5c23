import {
  type FloorSource,
  foundFloor,
  type LatencyFloor,
  learnFloor,
  lowerFloor,
  unknownFloor,
} from "./latency-floor.ts";
import { isSettled, type LoadSample } from "./load-sample.ts";
import type { KindWindow } from "./load-window.ts";

/** What the answers of a sample would have taken, on average, if nobody had waited inside the service. */
export interface ExpectedLatency {
  readonly ms: number;
  /** Where most of it is from. */
  readonly source: FloorSource;
}

/** How much of what an experiment shows of a kind stands against what was known: so many answers. */
const doubt = 5;
/** Milliseconds. Of what was never answered it is said only after so long that it takes too long. */
const longForAnything = 1_000;

/**
 * The floors of all kinds of requests. What a sample took is compared with what just these requests take: neither a mix of quick and slow
 * routes nor a crowd at a slow one is a queue.
 */
export class LatencyFloors {
  readonly #ofKinds = new Map<number, LatencyFloor>();

  /** Where somebody was given up nothing shows: the service may be busy with what nobody waits for any more. */
  learn(sample: LoadSample): void {
    if (sample.abandoned > 0) return;
    const circumstances = { isContended: sample.isContended, isSettled: isSettled(sample) };
    this.#update(sample, (floor, heard) => learnFloor(floor, heard, circumstances));
  }

  /** After {@link learn}, where there was load. */
  lower(sample: LoadSample): void {
    this.#update(sample, lowerFloor);
  }

  /** What an experiment has shown without a queue. @param source `"found"`: there was one */
  find(sample: LoadSample, source: "quiet" | "found"): void {
    const { ms: expectedMs } = this.expected(sample);
    const times = expectedMs === 0 ? 1 : (sample.answeredMs + sample.abandonedMs) / sample.answers / expectedMs;
    this.#update(sample, (floor, { answers, answeredMs, abandonedMs }) => {
      if (answers === 0) return floor;
      if (floor.ms === Infinity) return foundFloor((answeredMs + abandonedMs) / answers, source);
      return foundFloor((answeredMs + abandonedMs + doubt * floor.ms * times) / (answers + doubt), source);
    });
  }

  /** Of what is not known it is not said that it took too long. */
  expected(sample: LoadSample): ExpectedLatency {
    if (sample.answers === 0) return { ms: 0, source: "found" };
    const sums = { guessed: 0, quiet: 0, found: 0 };
    for (const heard of sample.kinds) {
      const { ms, source } = this.#ofKinds.get(heard.kind) ?? unknownFloor;
      sums[source] += expectedMs(heard, ms);
    }
    const sources = Object.keys(sums) as FloorSource[];
    const source = sources.reduce((most, each) => (sums[each] > sums[most] ? each : most));
    return { ms: (sums.guessed + sums.quiet + sums.found) / sample.answers, source };
  }

  /** Those who were given up had been there for longer than their answers take: who leaves sooner, as who types on while he is shown proposals, says nothing. */
  wereOutlasted({ kinds }: LoadSample): boolean {
    let excessMs = 0;
    for (const { kind, answers, answeredMs, abandoned, abandonedMs } of kinds) {
      const { ms, source } = this.#ofKinds.get(kind) ?? unknownFloor;
      // The usual estimate of a mean from observations that are broken off: all time over what has ended.
      const estimatedMs = answers > 0 ? (answeredMs + abandonedMs) / answers : longForAnything;
      excessMs += abandonedMs - abandoned * (source === "guessed" ? estimatedMs : ms);
    }
    return excessMs > 0;
  }

  #update({ kinds }: LoadSample, next: (floor: LatencyFloor, heard: KindWindow) => LatencyFloor): void {
    for (const heard of kinds) {
      this.#ofKinds.set(heard.kind, next(this.#ofKinds.get(heard.kind) ?? unknownFloor, heard));
    }
  }
}

function expectedMs({ answers, answeredMs, abandoned, abandonedMs }: KindWindow, floorMs: number): number {
  if (floorMs === Infinity) return answeredMs + abandonedMs;
  return floorMs * answers + Math.min(abandonedMs, floorMs * abandoned);
}
