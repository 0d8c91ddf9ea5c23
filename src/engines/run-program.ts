import { spawn } from "node:child_process";
import type { Command } from "./run-as.ts";

export interface Finished {
  readonly code: number | null;
  /** Both streams, as they came; at most the last 64 KiB. */
  readonly output: string;
}

const maxOutput = 65_536;

/** Neither `PG*` variables, which would change what Postgres does, nor the secrets of this process. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = ["PATH", "LANG", "TMPDIR", "TEMP", "TMP", "SystemRoot"];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/** Runs a short program to its end. @throws what spawn throws when the program is not there */
export function runProgram(
  command: Command,
  options: { readonly cwd: string; readonly signal?: AbortSignal | undefined },
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const { program, args, ...user } = command;
    const child = spawn(program, args, {
      ...user,
      cwd: options.cwd,
      env: cleanEnvironment(),
      signal: options.signal,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    let output = "";
    const collect = (chunk: string): void => {
      output = (output + chunk).slice(-maxOutput);
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}
