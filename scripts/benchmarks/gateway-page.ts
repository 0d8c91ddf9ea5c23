import type { Report, RowReport } from "../../bench/support/report.ts";
import type { Figures, Verdict } from "../../bench/support/target.ts";

/** The results of `npm run bench:gateway` for readers: what was wanted and reached, then every number. */
export function gatewayPage({ question, rows }: Report): string {
  const reports = Object.values(rows);
  return `# The gateway, measured

${question} ${introduction}

![Requests per second of Tenfold's gateway and of other proxies, in several situations](gateway.svg)

${reading}

## Targets

| measured | target | reached | |
|---|---|--:|---|
${reports.flatMap(({ title, targets }) => targets.map((target) => targetRow(title, target))).join("\n")}

## Numbers

${reports.map(section).join("\n\n")}

## Measured on

${settings(reports).join("\n")}
`;
}

const introduction =
  "`npm run bench:gateway` answers that: the proxy has one core for itself, the load (wrk) and the origin (nginx, canned answers) have " +
  "another. All proxies run at the settings that their documentation calls best for speed, add the same header fields, and are shown to " +
  "pass on the same bytes both ways before anything is timed. They take turns, round by round, each started anew; what counts is the median.";

const reading =
  "“Full path” is Node's HTTP server with undici; without that word Tenfold serves on its fast path where the request allows it. What ends " +
  "in “again” is the same program once more: how far the two lie apart is noise. Where the proxy's core was far from busy, load and origin were " +
  "the limit, and the CPU time per request is the number to compare.";

const verdicts: Readonly<Record<Verdict["verdict"], string>> = {
  met: "met",
  missed: "**missed**",
  "not measured": "not measured",
};

function targetRow(title: string, { wanted, measured, verdict }: Verdict): string {
  return `| ${title} | ${wanted} | ${measured === undefined ? "" : number(measured)} | ${verdicts[verdict]} |`;
}

interface Column {
  readonly head: string;
  readonly value: (figures: Figures, nginx: Figures | undefined) => number | undefined;
}

const figure = (key: string, head: string): Column => ({ head, value: (figures) => figures[key] });

const columns: readonly Column[] = [
  figure("requestsPerSecond", "requests/s"),
  figure("requestsPerSecondWithIdle", "requests/s beside idle"),
  {
    head: "× nginx",
    value: ({ requestsPerSecond: own }, nginx) => {
      const base = nginx?.["requestsPerSecond"];
      return own === undefined || base === undefined ? undefined : own / base;
    },
  },
  figure("cpuMicros", "CPU µs/request"),
  figure("userMicros", "user"),
  figure("systemMicros", "system"),
  figure("busyPercent", "busy %"),
  figure("p50Ms", "p50 ms"),
  figure("p50WithIdleMs", "p50 ms beside idle"),
  figure("p99Ms", "p99 ms"),
  figure("p99WithIdleMs", "p99 ms beside idle"),
  figure("kilobytesPerIdle", "KB per idle connection"),
  figure("kilobytesPerIdleLater", "KB after more load"),
  figure("memoryMiB", "memory MiB"),
  figure("memoryGrowthPercent", "growth %"),
  figure("longestStallMs", "longest stall ms"),
  figure("fastPathPercent", "fast path %"),
  figure("spreadPercent", "spread %"),
  figure("errors", "errors"),
];

function section({ title, note, results, series }: RowReport): string {
  const nginx = results["nginx"];
  const all = Object.entries(results);
  const shown = columns.filter(({ value }) => all.some(([, figures]) => value(figures, nginx) !== undefined));
  const lines = all.map(([name, figures]) => {
    const cells = shown.map(({ value }) => {
      const shownValue = value(figures, nginx);
      return shownValue === undefined ? "" : number(shownValue);
    });
    return `| ${name} | ${cells.join(" | ")} |`;
  });
  return [
    `### ${title[0]!.toUpperCase()}${title.slice(1)}`,
    ...(note === undefined ? [] : [note]),
    [`| | ${shown.map(({ head }) => head).join(" | ")} |`, `|---|${"--:|".repeat(shown.length)}`, ...lines].join("\n"),
    ...(series === undefined ? [] : [overTime(series)]),
  ].join("\n\n");
}

function overTime(series: Readonly<Record<string, number>>): string {
  const points = Object.entries(series).toSorted(([a], [b]) => Number(a) - Number(b));
  const wanted = 10;
  const some = points.filter((_, index) => index % Math.max(1, Math.ceil(points.length / wanted)) === 0);
  const text = some.map(([second, value]) => `${number(value)} after ${Math.round(Number(second))} s`);
  return `Memory in MiB: ${text.join(", ")}.`;
}

/** Rows are measured at different times: each place and time once, with the rows it stands for. */
function settings(reports: readonly RowReport[]): string[] {
  const places = new Map<string, string[]>();
  for (const report of reports) {
    const place = placeOf(report);
    places.set(place, [...(places.get(place) ?? []), report.title]);
  }
  return [...places].map(([place, titles]) => `- ${place}${places.size === 1 ? "" : `: ${titles.join("; ")}`}.`);
}

function placeOf({ date, commit, machine, versions, setting }: RowReport): string {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return (
    `${date.slice(0, 10)}, commit ${commit}, ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.kernel}; ` +
    `medians of ${setting["rounds"]} × ${setting["seconds"]} s, ${setting["connections"]} connections; ${programs.join(", ")}`
  );
}

function number(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 2 });
}
