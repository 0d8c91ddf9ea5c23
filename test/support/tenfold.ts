import { type ChildProcess, type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { TestContext } from "node:test";
import { cleanUp } from "./cleanup.ts";
import { temporaryDirectory } from "./temporary.ts";

const repository = join(import.meta.dirname, "../..");
const cli = [process.execPath, "--conditions=tenfold-source", join(repository, "src/cli/main.ts")] as const;
const startDeadlineMs = 120_000;

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the CLI to its end. */
export function runTenfold(
  directory: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = { cwd: directory, env: cleanEnvironment(env), timeout: startDeadlineMs, maxBuffer: 64 * 1024 ** 2 };
    const child = execFile(cli[0], [...cli.slice(1), ...words], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end();
  });
}

export interface RunningTenfold {
  readonly directory: string;
  /** The gateway. */
  readonly url: string;
  /** The control API. */
  readonly control: string;
  readonly pid: number;
  readonly process: ChildProcess;
  /** What `up --json` has printed, line by line. */
  readonly events: readonly Record<string, unknown>[];
  run(...words: string[]): Promise<CommandResult>;
  /** A command with `--json`, which must succeed. */
  ask(...words: string[]): Promise<unknown>;
}

/** Starts `tenfold up` on a project, on free ports. Everything ends with the test. */
export function spawnTenfold(
  t: TestContext,
  directory: string,
  more: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): ChildProcessByStdio<null, Readable, Readable> {
  const words = ["up", "--json", "--port", "0", "--control-port", "0", ...more];
  const child = spawn(cli[0], [...cli.slice(1), ...words], {
    cwd: directory,
    env: cleanEnvironment(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  cleanUp(t, async () => {
    await runTenfold(directory, ["stop", "--timeout", "20s"]);
    child.kill("SIGKILL");
  });
  return child;
}

/** As `spawnTenfold`, and waits until all is ready. */
export async function startTenfold(
  t: TestContext,
  directory: string,
  more: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<RunningTenfold> {
  const child = spawnTenfold(t, directory, more, env);
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors = (errors + text).slice(-20_000)));
  const events: Record<string, unknown>[] = [];
  const up = new Promise<Record<string, unknown>>((resolve) => {
    createInterface(child.stdout).on("line", (line) => {
      const event = JSON.parse(line) as Record<string, unknown>;
      events.push(event);
      if (event["type"] === "up") resolve(event);
    });
  });
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`tenfold up ended with ${code}:\n${JSON.stringify(events, undefined, 1)}\n${errors}`);
  });
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`tenfold up is not ready:\n${errors}`)), startDeadlineMs);
    timer.unref();
  });
  const { url, control } = (await Promise.race([up, failed, late])) as { url: string; control: string };
  failed.catch(() => {});
  const run = (...rest: string[]): Promise<CommandResult> => runTenfold(directory, rest, env);
  return {
    directory,
    url,
    control,
    pid: child.pid!,
    process: child,
    events,
    run,
    ask: async (...rest) => {
      const { code, stdout, stderr } = await run(...rest, "--json");
      if (code !== 0) throw new Error(`tenfold ${rest.join(" ")} ended with ${code}: ${stdout}${stderr}`);
      return JSON.parse(stdout) as unknown;
    },
  };
}

/** A project in a folder of its own: a config, and whatever else is given. */
export function createProject(t: TestContext, files: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory(t);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return directory;
}

/** What the machine's own environment says about databases, Redis and modes is not meant for the tests. */
function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const {
    DATABASE_URL: _,
    DATABASE_REPLICA_URLS: __,
    REDIS_URL: ______,
    NODE_ENV: ___,
    NODE_OPTIONS: ____,
    NODE_TEST_CONTEXT: _____,
    ...rest
  } = process.env;
  return { ...rest, ...env };
}
