import type { Report, RowReport } from "../../bench/support/report.ts";
import type { Figures, Results, Verdict } from "../../bench/support/target.ts";

/** What stands around the tables of one benchmark. */
export interface Prose {
  readonly title: string;
  /** After the question: who is measured, and how. */
  readonly introduction: string;
  readonly reading: string;
  readonly columns: readonly Column[];
}

export interface Column {
  readonly head: string;
  readonly value: (figures: Figures, results: Results) => number | undefined;
}

/** The results of a benchmark for readers: what was wanted and reached, then every number. */
export function reportPage({ question, rows }: Report, { title, introduction, reading, columns }: Prose): string {
  const reports = Object.values(rows);
  return `# ${title}

${question} ${introduction}

${reading}

## Targets

| measured | target | reached | |
|---|---|--:|---|
${reports.flatMap(({ title, targets }) => targets.map((target) => targetRow(title, target))).join("\n")}

## Numbers

${reports.map((report) => section(report, columns)).join("\n\n")}

## Measured on

${settings(reports).join("\n")}
`;
}

export const figure = (key: string, head: string): Column => ({ head, value: (figures) => figures[key] });

/** A figure, as many times that of one of these: of the first that was measured. */
export const times = (key: string, head: string, bases: readonly string[]): Column => ({
  head: `× ${head}`,
  value: (figures, results) => {
    const name = bases.find((each) => results[each] !== undefined);
    const [own, base] = [figures[key], name === undefined ? undefined : results[name]![key]];
    return own === undefined || base === undefined ? undefined : own / base;
  },
});

export const timesNginx = (key: string): Column => times(key, "nginx", ["nginx"]);

/** What a load that takes all it can get says. */
export const cost: readonly Column[] = [
  figure("cpuMicros", "CPU µs/request"),
  figure("userMicros", "user"),
  figure("systemMicros", "system"),
  figure("busyPercent", "busy %"),
];

const verdicts: Readonly<Record<Verdict["verdict"], string>> = {
  met: "met",
  missed: "**missed**",
  "not measured": "not measured",
};

function targetRow(title: string, { wanted, measured, verdict }: Verdict): string {
  return `| ${title} | ${wanted} | ${measured === undefined ? "" : number(measured)} | ${verdicts[verdict]} |`;
}

function section({ title, note, results, series, missing }: RowReport, columns: readonly Column[]): string {
  const all = Object.entries(results);
  const shown = columns.filter(({ value }) => all.some(([, figures]) => value(figures, results) !== undefined));
  const lines = all.map(([name, figures]) => {
    const cells = shown.map(({ value }) => {
      const shownValue = value(figures, results);
      return shownValue === undefined ? "" : number(shownValue);
    });
    return `| ${name} | ${cells.join(" | ")} |`;
  });
  return [
    `### ${title[0]!.toUpperCase()}${title.slice(1)}`,
    ...(note === undefined ? [] : [note]),
    [`| | ${shown.map(({ head }) => head).join(" | ")} |`, `|---|${"--:|".repeat(shown.length)}`, ...lines].join("\n"),
    ...(series === undefined ? [] : [overTime(series)]),
    ...(missing === undefined ? [] : [`Not installed, and so not measured: ${missing.join("; ")}.`]),
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
  const isTiny = Math.abs(value) < 0.01;
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: isTiny ? 5 : 2 });
}
