import { beginCut, beginDescent, type Descent, type Finding, goOnDescending } from "./descent.ts";
import { nextLimit } from "./gradient.ts";
import { foundFloor, type LatencyFloor, learnFloor, lowerFloor } from "./latency-floor.ts";
import { addWindow, emptySample, latencyOf, type LoadSample, type LoadWindow, spansLatency } from "./load-sample.ts";
import { listen, noSilence, type Silence } from "./silence.ts";
import { unwatched, watchThroughput } from "./throughput-watch.ts";

/** Before anything is known: generous, but a bound, since only at a bound it shows whether more places serve more. */
const startPerUpstream = 64;
/** A sample of so many answers leads to a decision; of fewer, after so long. */
const telling = { answers: 20, patienceMs: 1_000 };
/** So many fewer answers than there were, for so long: places may be lacking, and it is looked. Processes that share a service also take from each other. */
const doubt = { alone: { share: 0.75, forMs: 1_000 }, shared: { share: 0.5, forMs: 3_000 } };
/** Under lasting load it is looked so often whether the floor still holds. */
const lookEveryMs = 30_000;
/** Processes that share a service begin to look at the same moments, or each would find what the others take away from it. */
const togetherEveryMs = 500;
/** What was found is looked at again, sooner the more it surprised: after this, and each time it is confirmed twice as much later. */
const shortestGapMs = 1_500;
/** More are given up than answered: such a part of the places stays. */
const lostCut = 0.25;
/** A limit that is to be lowered to less than so much of it is watched meanwhile. */
const largeCut = 0.9;
/** So many answers show how things are at all. */
const lastingAnswers = 400;

/**
 * How many requests a service is given at once: as many as it answers without a queue of its own.
 *
 *     steady ── latency far above its floor, or above it for long, or not looked for 30 s ──► descent
 *        ▲  each sample: nextLimit()                       each window: goOnDescending()         │
 *        └─────────────────────────── limit and floor as found ──────────────────────────────────┘
 *
 * Only where places are lacking it matters what the limit is, and only then it moves: it does not grow while less than half of it is used.
 */
export class AdaptiveConcurrency {
  readonly #gateways: number;
  readonly #doubt: (typeof doubt)["alone" | "shared"];
  #upstreams = 1;
  #limit: number;
  #floor: LatencyFloor | undefined;
  #floorFoundAt = 0;
  #sample: LoadSample = emptySample;
  #descent: Descent | undefined;
  #isInDoubt = false;
  #throughput = unwatched;
  #silence: Silence = noSilence;
  #lasting = unknownMean;
  #nextLookAt = 0;
  #mustConfirm = false;
  #isTogether = false;
  #gapMs = shortestGapMs;
  #hasAnswered = false;

  /** @param gateways processes that share the service */
  constructor(gateways: number) {
    this.#gateways = Math.max(1, gateways);
    this.#doubt = this.#gateways === 1 ? doubt.alone : doubt.shared;
    this.#limit = this.#shareOf(startPerUpstream);
  }

  get limit(): number {
    return Math.max(1, Math.round(this.#descent?.limit ?? this.#limit));
  }

  state() { return [this.#descent?.phase, this.#descent?.bestRate.perMs, this.#floor?.ms, this.#isInDoubt]; }
  observe(window: LoadWindow): void {
    this.#fitTo(window.upstreams);
    if (window.answers > 0) this.#hasAnswered = true;
    const { times, ...silence } = listen(this.#silence, window, this.#hasAnswered ? this.#throughput.recent : undefined);
    this.#silence = silence;
    if (times > 1) {
      this.#descent = undefined;
      this.#limit *= times;
    }
    if (this.#descent !== undefined) {
      this.#look(this.#descent, window);
      return;
    }
    this.#sample = addWindow(this.#sample, window);
    if (isTelling(this.#sample)) {
      const sample = this.#sample;
      this.#sample = emptySample;
      this.#decide(sample, window.now);
    }
    if (this.#descent === undefined && this.#mayLook(window)) this.#descent = beginDescent(this.#limit);
  }

  /** Of so many per upstream, this process's part; never less than one of its own. */
  #shareOf(perUpstream: number): number {
    return Math.max(1, (this.#upstreams * perUpstream) / this.#gateways);
  }

  /** More upstreams do more at once, fewer less. */
  #fitTo(upstreams: number): void {
    if (upstreams === this.#upstreams || upstreams < 1) return;
    const times = upstreams / this.#upstreams;
    this.#upstreams = upstreams;
    this.#limit = Math.max(this.#shareOf(1), this.#limit * times);
    if (this.#descent === undefined) return;
    this.#descent = undefined;
    this.#isInDoubt = true;
  }

  #decide(sample: LoadSample, now: number): void {
    this.#floor = learnFloor(this.#floor, sample);
    const latencyMs = latencyOf(sample);
    if (sample.abandoned > sample.answers) {
      this.#limit = Math.max(this.#shareOf(1), Math.min(this.#limit, sample.maxInFlight) * lostCut);
      return;
    }
    if (latencyMs === undefined || this.#floor === undefined || sample.maxInFlight < this.#limit / 2) return;
    this.#lasting = averaged(this.#lasting, { ms: latencyMs, weight: sample.answers }, lastingAnswers);
    if (this.#lasting.weight === lastingAnswers) this.#floor = lowerFloor(this.#floor, this.#lasting.ms);
    const floor = this.#floor;
    if (!sample.isContended) return;
    if (floor.source === "guessed" && !this.#mustConfirm) this.#confirmAfter(now);
    this.#throughput = watchThroughput(this.#throughput, sample, this.#doubt.share);
    this.#isInDoubt = this.#throughput.fewerMs >= this.#doubt.forMs;
    const next = nextLimit({ limit: this.#limit, minimum: this.#shareOf(1), latencyMs, floor });
    if (next < this.#limit * largeCut) this.#descent = beginCut(this.#limit, next, { sample, now });
    else this.#limit = next;
  }

  #mayLook({ now, durationMs, isContended }: LoadWindow): boolean {
    const crosses = (everyMs: number): boolean => Math.floor(now / everyMs) > Math.floor((now - durationMs) / everyMs);
    if (!isContended) return false;
    const isAlone = this.#gateways === 1;
    const isTime = crosses(lookEveryMs);
    this.#isTogether = isAlone || isTime || this.#floor?.source === "guessed";
    if (isTime && (!isAlone || now - this.#floorFoundAt > lookEveryMs / 2)) return true;
    const isDue = (this.#isInDoubt || this.#mustConfirm) && now >= this.#nextLookAt;
    return isDue && (isAlone || crosses(togetherEveryMs));
  }

  #look(descent: Descent, window: LoadWindow): void {
    const next = goOnDescending(descent, window, this.#shareOf(1));
    if ("phase" in next) this.#descent = next;
    else this.#conclude(descent, next, window.now);
  }

  #conclude({ isCut }: Descent, finding: Finding, now: number): void {
    if (isCut && finding.verdict === "queue") {
      this.#descent = undefined;
      this.#limit = finding.limit;
    } else this.#believe(finding, now);
  }

  #believe({ limit, floorMs, verdict, latencyShare }: Finding, now: number): void {
    this.#descent = undefined;
    this.#isInDoubt = false;
    this.#throughput = unwatched;
    this.#lasting = unknownMean;
    // Who halves alone halves his share of the answers, but of the queue only his part: latency falls a little.
    const isBelieved = this.#isTogether || verdict === "queue" || latencyShare > 1 - 1 / (4 * this.#gateways);
    if (isBelieved) {
      this.#limit = limit;
      if (floorMs !== undefined) {
        this.#floor = foundFloor(floorMs);
        this.#floorFoundAt = now;
      }
    }
    this.#gapMs = verdict === "queue" ? shortestGapMs : Math.min(lookEveryMs, this.#gapMs * 2);
    this.#confirmAfter(now);
    this.#mustConfirm = verdict !== "queue";
  }

  #confirmAfter(now: number): void {
    this.#mustConfirm = true;
    this.#nextLookAt = now + this.#gapMs;
  }
}

function isTelling(sample: LoadSample): boolean {
  return sample.durationMs >= telling.patienceMs || (sample.answers + sample.abandoned >= telling.answers && spansLatency(sample, 1));
}

interface Mean {
  readonly ms: number;
  /** Answers it is made of, up to a bound: the older count for less. */
  readonly weight: number;
}

const unknownMean: Mean = { ms: 0, weight: 0 };

function averaged(mean: Mean, latest: Mean, bound: number): Mean {
  if (mean.ms === Infinity || latest.ms === Infinity) return latest;
  const weight = Math.min(bound, mean.weight + latest.weight);
  const share = Math.min(1, latest.weight / weight);
  return { ms: mean.ms + share * (latest.ms - mean.ms), weight };
}
