import { readFileSync } from "node:fs";
import { proxyCore } from "../support/site.ts";
import type { RunningSubject } from "../support/subject.ts";
import type { ServiceAnswers, WorkDone } from "./service/service-plan.ts";

const sampleEveryMs = 1_000;

interface Sample {
  /** By service. */
  readonly work: readonly WorkDone[];
  readonly core: CoreTime;
}

/** Of the services' core, in ticks. */
interface CoreTime {
  readonly all: number;
  /** Given to other guests of the same host. */
  readonly stolen: number;
}

/**
 * What the services of a stack could have done. How fast a machine is changes from second to second, on a shared host by a sixth and more; so what was
 * answered is compared with what could have been answered in the same seconds, by how long the work took just then, and not with what was done at another time.
 */
export class WorkLog {
  readonly #services: readonly RunningSubject<ServiceAnswers>[];
  /** By second. One whose event loop is blocked says it later; it says how much it did and how long that took, so it is right all the same. */
  readonly #samples: Sample[] = [];
  readonly #asked: Promise<void>[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(services: readonly RunningSubject<ServiceAnswers>[]) {
    this.#services = services;
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), sampleEveryMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#sample();
    await Promise.all(this.#asked);
  }

  /** Requests a second, from a second to another. */
  couldDo(from: number, to: number): number {
    const first = this.#samples[from] ?? this.#samples[0]!;
    const last = this.#samples[to] ?? this.#samples.at(-1)!;
    const sum = (of: (work: WorkDone) => number): number =>
      last.work.reduce((total, work, index) => total + of(work) - of(first.work[index]!), 0);
    const perSlot = (1_000 * sum(({ done }) => done)) / sum(({ heldMs }) => heldMs);
    return perSlot * slotsOf(last.work, stolenShare(first.core, last.core));
  }

  #sample(): void {
    const second = this.#samples.length;
    const core = readCoreTime();
    // Until they have answered, the sample before stands for it.
    this.#samples.push({ work: this.#samples.at(-1)?.work ?? [], core });
    const asked = Promise.all(this.#services.map((service) => service.ask("work")));
    this.#asked.push(asked.then((work) => void (this.#samples[second] = { work, core })));
  }
}

function slotsOf(work: readonly WorkDone[], stolen: number): number {
  return work.some(({ holds }) => holds === "the core")
    ? 1 - stolen
    : work.reduce((sum, { holds }) => sum + (holds as number), 0);
}

function stolenShare(from: CoreTime, to: CoreTime): number {
  return to.all === from.all ? 0 : (to.stolen - from.stolen) / (to.all - from.all);
}

/** `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. */
function readCoreTime(): CoreTime {
  const line = new RegExp(`^cpu${proxyCore} (.*)$`, "m").exec(readFileSync("/proc/stat", "utf8"))![1]!;
  const ticks = line.trim().split(" ").slice(0, 8).map(Number);
  return { all: ticks.reduce((sum, each) => sum + each, 0), stolen: ticks[7]! };
}
