import { mayBeQueue, noCrowd, planNextLook, watchCrowd } from "./crowd.ts";
import { beginCut, beginDescent, type Descent, type Finding, foundNothing, goOnDescending } from "./descent.ts";
import { isClear, nextLimit } from "./gradient.ts";
import { LatencyFloors } from "./latency-floors.ts";
import {
  addWindow,
  emptySample,
  isSettled,
  isStationary,
  latencyOf,
  type LoadSample,
  spansLatency,
} from "./load-sample.ts";
import type { LoadWindow } from "./load-window.ts";
import { isTimeToLook, nothingPlanned, planAfter, planToConfirm } from "./look-schedule.ts";
import { listen, noSilence, type Silence } from "./silence.ts";
import { unwatched, watchThroughput } from "./throughput-watch.ts";

/** Before anything is known: generous, but a bound, since only at a bound it shows whether more places serve more. */
const startPerUpstream = 64;
/** A sample of so many answers leads to a decision; of fewer, after so long. */
const telling = { answers: 20, patienceMs: 1_000 };
/** So many fewer answers than there were, for so long: places may be lacking. */
const doubt = { share: 0.75, forMs: 1_000 };
/** After so long a service has done what nobody waited for any more. */
const lostMs = 2_000;
/** More are given up than answered: such a part of the places stays. */
const lostCut = 0.25;
/** A limit that is to be lowered to less than so much of it is watched meanwhile. */
const largeCut = 0.9;
/** Only where places are lacking for so long without a break it is looked: an experiment in a passing crowd would turn some away. */
const lastingMs = 500;
/** Of what takes so long an experiment is dear. */
const dearMs = 2_000;
/** Halved twice, a service that takes long gives so much of its answers: that is no silence. */
const fewestInDescent = 0.25;

/**
 * How many requests a service is given at once: about as many as it answers without a queue of its own.
 *
 *                 ┌─ to much less ──────────────► watched while it drains ─┐
 *     steady ─────┤                                                        ├─► steady
 *        each     ├─ fewer answers, a guess, or  ► descent: halved, and ───┤
 *        sample:  │  not looked for 30 s           looked what it costs    │
 *        nextLimit()                                                       │
 *                 └─ room, and yet a crowd inside ► descent ───────────────┘
 *
 * The signal is latency against its floor ({@link nextLimit}). What answers there are checks it: a lower limit that costs answers was wrong
 * ({@link watchThroughput}), and in doubt an experiment tells ({@link Descent}). While there is room for all the limit does not matter, but for a crowd that may
 * stand in a queue inside ({@link watchCrowd}).
 */
export class AdaptiveConcurrency {
  #now = 0;
  #upstreams = 1;
  /** Who shares the places: none of them is left with nothing. */
  #processes = 1;
  #limit = startPerUpstream;
  readonly #floors = new LatencyFloors();
  #sample = emptySample;
  /** The last that was decided by. */
  #decided = emptySample;
  #throughput = unwatched;
  #silence: Silence = noSilence;
  #hasAnswered = false;
  #contendedMs = 0;
  /** When somebody was given up for the last time. */
  #lostAt = -Infinity;
  /** So long the limit has been what it is. */
  #steadyMs = 0;
  #crowd = noCrowd;
  #schedule = nothingPlanned;
  #descent: Descent | undefined;

  get limit(): number {
    return Math.max(1, Math.round(this.#descent?.limit ?? this.#limit));
  }

  /** @param processes that the window is of */
  observe(window: LoadWindow, processes = 1): void {
    const before = this.limit;
    this.#processes = processes;
    // The machine's clock may jump.
    this.#now += window.durationMs;
    this.#see({ ...window, now: this.#now });
    this.#steadyMs = this.limit === before ? this.#steadyMs + window.durationMs : 0;
  }

  #see(window: LoadWindow): void {
    this.#fitTo(window.upstreams);
    this.#hasAnswered ||= window.answers > 0;
    if (window.abandoned > 0) this.#lostAt = window.now;
    this.#listen(window);
    if (this.#descent !== undefined) {
      this.#goOn(this.#descent, window);
      return;
    }
    this.#sample = addWindow(this.#sample, window);
    const sample = this.#sample;
    const isShort = this.#isShortOfPlaces(sample);
    if (isTelling(sample) || (isShort && this.#steadyMs >= Math.min(lastingMs, latencyOf(sample)!))) {
      this.#sample = emptySample;
      this.#decide(sample, window.now);
    }
    this.#contendedMs = window.isContended ? this.#contendedMs + window.durationMs : 0;
    if (this.#contendedMs >= lastingMs && this.#descent === undefined && !isShort) this.#look(window);
  }

  /** There is no doubt: those who wait need not wait until a whole sample says so, only until what was changed before has had its effect. */
  #isShortOfPlaces(sample: LoadSample): boolean {
    const latencyMs = latencyOf(sample);
    if (!sample.isContended || sample.answers < telling.answers || latencyMs === undefined) return false;
    return isClear(latencyMs, this.#floors.expected(sample));
  }

  get #minimum(): number {
    return Math.max(this.#upstreams, this.#processes);
  }

  /** More upstreams do more at once, fewer less. */
  #fitTo(upstreams: number): void {
    if (upstreams === this.#upstreams || upstreams < 1) return;
    const times = upstreams / this.#upstreams;
    this.#upstreams = upstreams;
    this.#limit = Math.max(this.#minimum, this.#limit * times);
    this.#descent = undefined;
    this.#throughput = unwatched;
  }

  #listen(window: LoadWindow): void {
    const usualPerMs = this.#hasAnswered ? this.#usualPerMs : undefined;
    const { times, ...silence } = listen(this.#silence, window, usualPerMs);
    this.#silence = silence;
    if (times === 1) return;
    // It may be the experiment that lets nobody through.
    if (this.#descent === undefined) this.#limit *= times;
    else this.#conclude(foundNothing(this.#descent), window.now);
  }

  /** Answers. In an experiment there may be fewer, without anything being wrong. */
  get #usualPerMs(): number {
    const { recent } = this.#throughput;
    return this.#descent === undefined ? recent : (recent || this.#descent.bestRate.perMs) * fewestInDescent;
  }

  #decide(sample: LoadSample, now: number): void {
    this.#decided = sample;
    this.#floors.learn(sample);
    const minimum = this.#minimum;
    if (sample.abandoned > sample.answers && this.#floors.wereOutlasted(sample)) {
      this.#limit = Math.max(minimum, Math.min(this.#limit, sample.maxInFlight) * lostCut);
      return;
    }
    this.#watchCrowd(sample, now);
    if (sample.maxInFlight < this.#limit / 2) return;
    this.#floors.lower(sample);
    const latencyMs = latencyOf(sample);
    if (latencyMs === undefined || !sample.isContended) return;
    const floor = this.#floors.expected(sample);
    if (floor.source === "guessed") this.#schedule = planToConfirm(this.#schedule, now);
    this.#throughput = watchThroughput(this.#throughput, sample, doubt.share);
    const next = nextLimit({ limit: this.#limit, minimum, latencyMs, floor });
    // The first to be answered are the quick ones: what is guessed from them is no reason to take places away.
    if (next < this.#limit && floor.source === "guessed" && !isSettled(sample)) return;
    if (next < this.#limit * largeCut) this.#descent = beginCut(this.#limit, next, { sample, now });
    else this.#limit = next;
  }

  #watchCrowd(sample: LoadSample, now: number): void {
    const floor = this.#floors.expected(sample);
    this.#crowd = watchCrowd(this.#crowd, sample, { floor, upstreams: this.#upstreams });
    if (mayBeQueue(this.#crowd, now)) this.#beginDescent(Math.min(this.#limit, sample.maxInFlight));
  }

  /** Not among answers that take long, as long as they take about what they did: before it could tell, all who wait would have been turned away. */
  #mayLook(): boolean {
    const { answers, answeredMs } = this.#decided;
    // Who is answered at all is answered soon: those who give up may have been overlooked.
    if (answers > 0 && answeredMs <= answers * dearMs) return isStationary(this.#decided);
    const latencyMs = latencyOf(this.#decided) ?? 0;
    const isDear = latencyMs > dearMs && latencyMs <= 2 * this.#floors.expected(this.#decided).ms;
    return !isDear && isSettled(this.#decided);
  }

  #look({ now }: LoadWindow): void {
    const isInDoubt = this.#throughput.fewerMs >= doubt.forMs;
    const pressure = { now, contendedMs: this.#contendedMs, isInDoubt };
    if (this.#mayLook() && isTimeToLook(this.#schedule, pressure)) this.#beginDescent(this.#limit);
  }

  #beginDescent(limit: number): void {
    this.#descent = beginDescent(limit, this.#now - this.#lostAt < lostMs);
  }

  #goOn(descent: Descent, window: LoadWindow): void {
    const next = goOnDescending(descent, window, this.#minimum);
    if ("phase" in next) {
      this.#descent = next;
      return;
    }
    if (descent.isCut && next.verdict === "queue") {
      this.#descent = undefined;
      this.#limit = next.limit;
    } else this.#conclude(next, window.now);
  }

  #conclude(finding: Finding, now: number): void {
    this.#descent = undefined;
    const isQueue = finding.verdict === "queue";
    this.#limit = isQueue ? finding.limit : Math.max(this.#limit, finding.limit);
    this.#crowd = planNextLook(this.#crowd, isQueue, now);
    this.#floors.find(finding.unqueued, isQueue ? "found" : "quiet");
    this.#throughput = { ...unwatched, recent: this.#throughput.recent };
    this.#schedule = planAfter(this.#schedule, finding, now);
  }
}

function isTelling(sample: LoadSample): boolean {
  const ended = sample.answers + sample.abandoned;
  return sample.durationMs >= telling.patienceMs || (ended >= telling.answers && spansLatency(sample, 1));
}
