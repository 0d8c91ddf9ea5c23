import { collectDefaultMetrics, type Metric, Registry } from "prom-client";

export type Labels = Readonly<Record<string, string | number>>;

interface Sample {
  readonly metricName: string;
  readonly labels: Labels;
  readonly value: number;
}

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly values: Sample[];
}

/** Samples that were counted elsewhere, gathered for one scrape and written by prom-client. */
export class MetricSet {
  readonly #families = new Map<string, Family>();

  /** @param metricName of the sample, where it differs from the family's: the parts of a histogram */
  add(type: Family["type"], name: string, help: string, labels: Labels, value: number, metricName = name): void {
    let family = this.#families.get(name);
    if (family === undefined) this.#families.set(name, (family = { name, help, type, values: [] }));
    family.values.push({ metricName, labels, value });
  }

  async text(): Promise<string> {
    const registry = new Registry();
    // A registry asks a metric for its name and its samples, and nothing else.
    for (const family of this.#families.values()) {
      registry.registerMetric({ name: family.name, get: () => Promise.resolve(family) } as unknown as Metric);
    }
    return registry.metrics();
  }
}

/** The metrics of this process: CPU, memory, event loop, garbage collection. */
export function createProcessRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "tenfold_platform_" });
  return registry;
}
