import { missingVariable } from "./env.ts";
import { leavesOf } from "./origin.ts";
import { type LocatedProblem, pathText } from "./problem.ts";

/** Every place whose text was built from an environment variable that is not set. */
export function findMissingVariables(written: unknown, mode: string): LocatedProblem[] {
  return leavesOf(written).flatMap(({ path, value }): LocatedProblem[] => {
    const variable = typeof value === "string" ? missingVariable(value) : undefined;
    if (variable === undefined) return [];
    return [
      {
        steps: path,
        path: pathText(path),
        found: `environment variable ${variable} is not set`,
        expected: "a value for it",
        hint: `set it in the environment, in .env.local or in .env.${mode}; or give a fallback: env("${variable}", "…")`,
      },
    ];
  });
}
