import { monitorEventLoopDelay, performance, PerformanceObserver } from "node:perf_hooks";
import type { ProcessFigures } from "./protocol.ts";

const everyMs = 1000;
/** A sample is one timer: 50 a second cost 0.2 % of a core. */
const resolutionMs = 20;

/** Measures this process once a second: what happened since the last time. Never keeps it alive. */
export class Figures {
  readonly #report: (figures: ProcessFigures) => void;
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) this.#gcMs += duration;
  });
  #timer: NodeJS.Timeout | undefined;
  #gcMs = 0;
  #utilization = performance.eventLoopUtilization();
  #cpu = process.cpuUsage();
  #at = performance.now();

  constructor(report: (figures: ProcessFigures) => void) {
    this.#report = report;
  }

  start(): void {
    this.#delay.enable();
    this.#collections.observe({ entryTypes: ["gc"] });
    this.#timer = setInterval(() => this.#report(this.#take()), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#collections.disconnect();
    this.#delay.disable();
  }

  #take(): ProcessFigures {
    const [utilization, cpu, at, gcMs] = [
      performance.eventLoopUtilization(),
      process.cpuUsage(),
      performance.now(),
      this.#gcMs,
    ];
    const usedMs = (cpu.user - this.#cpu.user + cpu.system - this.#cpu.system) / 1000;
    const { rss, heapUsed, heapTotal } = process.memoryUsage();
    const figures = {
      eventLoopUtilization: performance.eventLoopUtilization(utilization, this.#utilization).utilization,
      // A sample is the time from one tick to the next, the resolution included.
      eventLoopDelayP99Ms: this.#delay.count === 0 ? 0 : Math.max(0, this.#delay.percentile(99) / 1e6 - resolutionMs),
      cpu: usedMs / Math.max(at - this.#at, 1),
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      heapTotalBytes: heapTotal,
      gcMs,
    };
    this.#utilization = utilization;
    this.#cpu = cpu;
    this.#at = at;
    this.#gcMs = 0;
    this.#delay.reset();
    return figures;
  }
}
