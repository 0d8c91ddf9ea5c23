import { accessSync, constants, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";

/**
 * The PATH of commands that run in a folder, as npm run builds it: `node_modules/.bin` of the folder and of those above, then the PATH, then
 * where this Node lies.
 */
export function searchPath(cwd: string, environment: Readonly<Record<string, string>>): string {
  const bins: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    bins.push(join(folder, "node_modules", ".bin"));
    if (folder === dirname(folder)) break;
  }
  return [...bins, ...(environment["PATH"] ?? "").split(delimiter).filter(Boolean), dirname(process.execPath)].join(
    delimiter,
  );
}

/** The program's file, absolute. A name with a slash is relative to `cwd`; others are looked for on the {@link searchPath}. */
export function findProgram(
  program: string,
  cwd: string,
  environment: Readonly<Record<string, string>>,
): string | undefined {
  if (isAbsolute(program) || program.includes("/")) return runnable(resolve(cwd, program), environment);
  for (const folder of searchPath(cwd, environment).split(delimiter)) {
    const found = runnable(join(folder, program), environment);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function runnable(path: string, environment: Readonly<Record<string, string>>): string | undefined {
  const endings =
    process.platform === "win32" ? ["", ...(environment["PATHEXT"] ?? ".EXE;.CMD;.BAT").split(";")] : [""];
  return endings.map((ending) => path + ending).find(isExecutable);
}
