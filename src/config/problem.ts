import { styleText } from "node:util";

/** One thing that is wrong with a config. */
export interface Problem {
  /** Where: `"services.api.scale.min"`, or the name of an environment variable or flag. */
  readonly path: string;
  /** What is there, as it would be written. */
  readonly found: string;
  readonly expected: string;
  /** What was most likely meant, or what to do. */
  readonly hint?: string;
}

export type Path = readonly (string | number)[];

/** A problem of one value by itself. */
export interface LocatedProblem extends Problem {
  readonly steps: Path;
  /** The name beside it that an unknown name was most likely meant to be. */
  readonly meant?: string;
}

/** `["services", "api", "routes", 0]` → `"services.api.routes[0]"`. */
export function pathText(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (!/^[\w$-]+$/.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/** Whether `path` is `ancestor` or lies below it. */
export function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || (path.startsWith(ancestor) && /[.[]/.test(path.charAt(ancestor.length)));
}

export interface FormatOptions {
  /** The config file, as the reader knows it. */
  readonly file?: string;
  readonly colour?: boolean;
}

/** All problems as one text for people, without a newline at its end. */
export function formatProblems(problems: readonly Problem[], { file, colour = false }: FormatOptions = {}): string {
  const paint = (style: "bold" | "dim" | "red" | "green", text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const blocks = problems.map(({ path, found, expected, hint }) =>
    [
      `  ${paint("bold", path)}`,
      `    ${paint("dim", "found:")}    ${paint("red", found)}`,
      `    ${paint("dim", "expected:")} ${expected}`,
      ...(hint === undefined ? [] : [`    ${paint("dim", "fix:")}      ${paint("green", hint)}`]),
    ].join("\n"),
  );
  return [file === undefined ? count : `${file} has ${count}`, ...blocks].join("\n\n");
}
