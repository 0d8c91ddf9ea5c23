import type { z } from "zod";
import { nearest } from "../kernel/index.ts";
import { foundText } from "./found.ts";
import { type LocatedProblem, type Path, pathText } from "./problem.ts";
import { shape } from "./shape.ts";

/** Everything whose kind is wrong, each place once. */
export function findShapeProblems(written: unknown): LocatedProblem[] {
  const result = shape.safeParse(written);
  const problems = new Map<string, LocatedProblem>();
  for (const issue of result.error?.issues ?? []) {
    for (const problem of toProblems(issue, [], written)) {
      if (!problems.has(problem.path)) problems.set(problem.path, problem);
    }
  }
  return [...problems.values()];
}

type Issue = z.core.$ZodIssue;

function toProblems(issue: Issue, above: Path, written: unknown): LocatedProblem[] {
  const steps: Path = [...above, ...(issue.path as (string | number)[])];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownName(key, issue.message.split(", "), steps));
  }
  if (issue.code === "invalid_union") {
    const branch = closestBranch(issue.errors);
    if (branch !== undefined) return branch.flatMap((each) => toProblems(each, steps, written));
  }
  const path = pathText(steps);
  const value = valueAt(written, steps);
  const { found, hint = spellingHint(issue, value) } = paramsOf(issue);
  return [
    {
      steps,
      path: path || "default export",
      found:
        found ?? (issue.code === "invalid_key" ? `the name ${JSON.stringify(steps.at(-1))}` : foundText(value, path)),
      expected: issue.code === "invalid_key" ? issue.issues[0]!.message : issue.message,
      ...(hint === undefined ? {} : { hint }),
    },
  ];
}

function unknownName(key: string, known: readonly string[], steps: Path): LocatedProblem {
  const near = nearest(key, known);
  return {
    steps: [...steps, key],
    path: pathText([...steps, key]),
    found: "an unknown name",
    expected: `one of ${known.join(", ")}`,
    ...(near === undefined ? {} : { hint: `did you mean "${near}"?`, meant: near }),
  };
}

/** The alternative that the author meant: the one whose form fits, so that only its content is wrong. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = branches.filter(
    (issues) =>
      !issues.some(({ path, code }) => path.length === 0 && (code === "invalid_type" || code === "invalid_value")),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

function paramsOf(issue: Issue): { found?: string; hint?: string } {
  return issue.code === "custom" ? ((issue.params ?? {}) as { found?: string; hint?: string }) : {};
}

function spellingHint(issue: Issue, value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  // The alternatives' paths begin at this value: what is wrong deeper down is said of other values.
  const ofValue =
    issue.code === "invalid_union" ? issue.errors.flat().filter(({ path }) => path.length === 0) : [issue];
  const names = ofValue.flatMap((each) => (each.code === "invalid_value" ? each.values : []));
  const near = nearest(
    value,
    names.filter((name) => typeof name === "string"),
  );
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

function valueAt(value: unknown, steps: Path): unknown {
  return steps.reduce<unknown>((at, step) => (at as Record<string | number, unknown> | undefined)?.[step], value);
}
