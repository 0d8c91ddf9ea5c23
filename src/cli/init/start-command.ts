import { splitCommand } from "../../config/index.ts";
import type { PackageJson } from "./package-json.ts";

export interface StartCommand {
  readonly command: string | readonly string[];
  /** Variables that stood before the program. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it was found: `"scripts.start"`. */
  readonly source: string;
}

export interface StartClues {
  readonly packageJson: PackageJson | undefined;
  readonly packageManager: string;
  readonly dockerfile: string | undefined;
  readonly procfile: string | undefined;
  /** Of the {@link entryCandidates}, those that exist. */
  readonly entries: readonly string[];
}

/**
 * The command that serves, from the most to the least certain sign. A wrapper such as `npm run` costs a process and stands between an instance and its
 * signals, so what a script runs is taken rather than the script, where no shell is needed for it.
 */
export function findStartCommand(clues: StartClues): StartCommand | undefined {
  const { packageJson, packageManager, dockerfile, procfile, entries } = clues;
  // "start" of a Nest project compiles and watches; "start:prod" is what serves.
  const script = ["start:prod", "start"].find((name) => packageJson?.scripts[name] !== undefined);
  if (script !== undefined) return fromScript(script, packageJson!.scripts[script]!, packageManager);
  const declared = fromProcfile(procfile) ?? fromDockerfile(dockerfile);
  if (declared !== undefined) return declared;
  if (entries[0] !== undefined) return { command: `node ${entries[0]}`, env: {}, source: entries[0] };
  if (packageJson?.scripts["dev"] === undefined) return undefined;
  return { command: `${packageManager} run dev`, env: {}, source: "scripts.dev" };
}

/** Where servers usually begin, the likeliest first. */
export function entryCandidates(main: string | undefined, isNest: boolean): string[] {
  const names = ["server", "index", "main", "app"];
  const files = ["src/", ""].flatMap((folder) =>
    names.flatMap((name) => ["ts", "mts", "js", "mjs", "cjs"].map((ending) => `${folder}${name}.${ending}`)),
  );
  return [...(isNest ? ["dist/main.js"] : []), ...(main === undefined ? [] : [main.replace(/^\.\//, "")]), ...files];
}

function fromScript(name: string, script: string, packageManager: string): StartCommand {
  const source = `scripts.${name}`;
  const { env, rest } = takeVariables(script.trim().replace(/^cross-env /, ""));
  const { words } = splitCommand(rest);
  if (words === undefined) return { command: `${packageManager} run ${name}`, env: {}, source };
  // Restarting when a file changes is the platform's `reload`.
  const program = /^(nodemon|node-dev)$/.test(words[0]!) ? "node" : words[0]!;
  const [, ...args] = words.filter((word) => word !== "--watch");
  return { command: toCommand([program, ...args]), env, source };
}

function takeVariables(script: string): { env: Record<string, string>; rest: string } {
  const env: Record<string, string> = {};
  let rest = script;
  for (
    let match;
    (match = /^([A-Za-z_]\w*)=([^\s"'$`\\;&|<>]*)\s+(?=\S)/.exec(rest)) !== null;
    rest = rest.slice(match[0].length)
  ) {
    env[match[1]!] = match[2]!;
  }
  return { env, rest };
}

/** As text where it reads back the same, else as a list. */
function toCommand(words: readonly string[]): string | readonly string[] {
  const text = words.join(" ");
  return splitCommand(text).words?.join("\0") === words.join("\0") ? text : words;
}

function fromProcfile(procfile: string | undefined): StartCommand | undefined {
  const line = /^web:\s*(.+)$/m.exec(procfile ?? "")?.[1];
  return line === undefined ? undefined : fromShell(line.trim(), "Procfile");
}

function fromDockerfile(dockerfile: string | undefined): StartCommand | undefined {
  const line = [...(dockerfile ?? "").matchAll(/^\s*CMD\s+(.+)$/gim)].at(-1)?.[1]?.trim();
  if (line === undefined) return undefined;
  if (!line.startsWith("[")) return fromShell(line, "Dockerfile");
  try {
    const words = JSON.parse(line) as unknown;
    if (!Array.isArray(words) || words.length === 0 || !words.every((word) => typeof word === "string"))
      return undefined;
    return { command: toCommand(words), env: {}, source: "Dockerfile" };
  } catch {
    return undefined;
  }
}

/** These files are read by a shell, so what needs one gets one. */
function fromShell(line: string, source: string): StartCommand {
  const { env, rest } = takeVariables(line);
  const { words } = splitCommand(rest);
  if (words !== undefined) return { command: rest, env, source };
  const isOneProgram = !/[;&|]/.test(line);
  return { command: ["sh", "-c", isOneProgram ? `exec ${line}` : line], env: {}, source };
}
