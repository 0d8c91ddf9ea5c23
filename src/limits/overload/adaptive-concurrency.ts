import { beginCut, beginDescent, type Descent, type Finding, goOnDescending } from "./descent.ts";
import { nextLimit } from "./gradient.ts";
import { foundFloor, type LatencyFloor, learnFloor, lowerFloor } from "./latency-floor.ts";
import { addWindow, emptySample, latencyOf, type LoadSample, type LoadWindow, spansLatency } from "./load-sample.ts";
import { lookNow, nothingPlanned, planAfter, planToConfirm } from "./look-schedule.ts";
import { addToMean, noMean } from "./running-mean.ts";
import { listen, noSilence, type Silence } from "./silence.ts";
import { unwatched, watchThroughput } from "./throughput-watch.ts";

/** Before anything is known: generous, but a bound, since only at a bound it shows whether more places serve more. */
const startPerUpstream = 64;
/** A sample of so many answers leads to a decision; of fewer, after so long. */
const telling = { answers: 20, patienceMs: 1_000 };
/** So many fewer answers than there were, for so long: places may be lacking. Processes that share a service also take from each other. */
const doubt = { alone: { share: 0.75, forMs: 1_000 }, shared: { share: 0.5, forMs: 3_000 } };
/** More are given up than answered: such a part of the places stays. */
const lostCut = 0.25;
/** A limit that is to be lowered to less than so much of it is watched meanwhile. */
const largeCut = 0.9;
/** Only where places are lacking for so long without a break it is looked: an experiment in a passing crowd would turn some away. */
const lastingMs = 500;
/** So many answers show how things are at all. */
const lastingAnswers = 400;

/**
 * How many requests a service is given at once: about as many as it answers without a queue of its own.
 *
 *                 ┌─ to much less ──────────────► watched while it drains ─┐
 *     steady ─────┤                                                        ├─► steady
 *        each     └─ fewer answers, a guess, or  ► descent: halved, and ───┘
 *        sample:     not looked for 30 s           looked what it costs
 *        nextLimit()
 *
 * The signal is latency against its floor ({@link nextLimit}). What answers there are checks it: a lower limit that costs answers was wrong
 * ({@link watchThroughput}), and in doubt an experiment tells ({@link Descent}). The limit moves only while places are lacking: it does not matter else.
 */
export class AdaptiveConcurrency {
  readonly #gateways: number;
  readonly #doubt: (typeof doubt)["alone" | "shared"];
  #upstreams = 1;
  #limit: number;
  #floor: LatencyFloor | undefined;
  #sample = emptySample;
  #throughput = unwatched;
  #lasting = noMean;
  #silence: Silence = noSilence;
  #hasAnswered = false;
  #contendedMs = 0;
  #schedule = nothingPlanned;
  #descent: Descent | undefined;
  /** All who share the service look with this one. */
  #isTogether = false;

  /** @param gateways processes that share the service */
  constructor(gateways: number) {
    this.#gateways = Math.max(1, gateways);
    this.#doubt = this.#gateways === 1 ? doubt.alone : doubt.shared;
    this.#limit = this.#shareOf(startPerUpstream);
  }

  get limit(): number {
    return Math.max(1, Math.round(this.#descent?.limit ?? this.#limit));
  }

  observe(window: LoadWindow): void {
    this.#fitTo(window.upstreams);
    this.#hasAnswered ||= window.answers > 0;
    this.#listen(window);
    if (this.#descent !== undefined) {
      this.#goOn(this.#descent, window);
      return;
    }
    this.#sample = addWindow(this.#sample, window);
    if (isTelling(this.#sample)) {
      const sample = this.#sample;
      this.#sample = emptySample;
      this.#decide(sample, window.now);
    }
    this.#contendedMs = window.isContended ? this.#contendedMs + window.durationMs : 0;
    if (this.#contendedMs >= lastingMs && this.#descent === undefined) this.#look(window);
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
    this.#descent = undefined;
    this.#throughput = unwatched;
  }

  #listen(window: LoadWindow): void {
    const usualPerMs = this.#hasAnswered ? this.#throughput.recent : undefined;
    const { times, ...silence } = listen(this.#silence, window, usualPerMs);
    this.#silence = silence;
    if (times === 1) return;
    this.#descent = undefined;
    this.#limit *= times;
  }

  #decide(sample: LoadSample, now: number): void {
    this.#floor = learnFloor(this.#floor, sample);
    const minimum = this.#shareOf(1);
    if (sample.abandoned > sample.answers && wasOutlasted(sample, this.#floor)) {
      this.#limit = Math.max(minimum, Math.min(this.#limit, sample.maxInFlight) * lostCut);
      return;
    }
    const latencyMs = latencyOf(sample);
    if (latencyMs === undefined || this.#floor === undefined || sample.maxInFlight < this.#limit / 2) return;
    this.#floor = this.#lowered(this.#floor, latencyMs, sample.answers);
    if (!sample.isContended) return;
    if (this.#floor.source === "guessed") this.#schedule = planToConfirm(this.#schedule, now);
    this.#throughput = watchThroughput(this.#throughput, sample, this.#doubt.share);
    const next = nextLimit({ limit: this.#limit, minimum, latencyMs, floor: this.#floor });
    if (next < this.#limit * largeCut) this.#descent = beginCut(this.#limit, next, { sample, now });
    else this.#limit = next;
  }

  #lowered(floor: LatencyFloor, latencyMs: number, answers: number): LatencyFloor {
    if (latencyMs === Infinity) return floor;
    this.#lasting = addToMean(this.#lasting, { value: latencyMs, weight: answers }, lastingAnswers);
    return this.#lasting.weight < lastingAnswers ? floor : lowerFloor(floor, this.#lasting.value);
  }

  #look(window: LoadWindow): void {
    const isInDoubt = this.#throughput.fewerMs >= this.#doubt.forMs;
    const look = lookNow(this.#schedule, window, { isInDoubt, isShared: this.#gateways > 1 });
    if (look === undefined) return;
    this.#isTogether = look === "together" || this.#gateways === 1 || this.#floor?.source !== "quiet";
    this.#descent = beginDescent(this.#limit);
  }

  #goOn(descent: Descent, window: LoadWindow): void {
    const next = goOnDescending(descent, window, this.#shareOf(1));
    if ("phase" in next) {
      this.#descent = next;
      return;
    }
    this.#descent = undefined;
    if (descent.isCut && next.verdict === "queue") this.#limit = next.limit;
    else this.#conclude(next, window.now);
  }

  #conclude(finding: Finding, now: number): void {
    const { limit, floorMs, verdict, latencyShare } = finding;
    // Who halves alone halves its share of the answers, but of the queue only its part: latency falls a little.
    const isBelieved = this.#isTogether || verdict === "queue" || latencyShare > 1 - 1 / (4 * this.#gateways);
    const floorIsNew = isBelieved && floorMs !== undefined;
    if (isBelieved) this.#limit = limit;
    if (floorIsNew) this.#floor = foundFloor(floorMs);
    this.#throughput = unwatched;
    this.#lasting = noMean;
    this.#schedule = planAfter(this.#schedule, finding, { now, floorIsNew });
  }
}

/** Those who gave up had waited for longer than an answer takes: who leaves sooner, as who types on while he is shown proposals, says nothing of the service. */
function wasOutlasted(
  { answers, answeredMs, abandoned, abandonedMs }: LoadSample,
  floor: LatencyFloor | undefined,
): boolean {
  return abandonedMs / abandoned > (answers > 0 ? answeredMs / answers : (floor?.ms ?? 0));
}

function isTelling(sample: LoadSample): boolean {
  const ended = sample.answers + sample.abandoned;
  return sample.durationMs >= telling.patienceMs || (ended >= telling.answers && spansLatency(sample, 1));
}
