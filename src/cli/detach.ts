import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ControlClient } from "../control/index.ts";
import { poll, TenfoldError } from "../kernel/index.ts";
import type { UpOptions } from "./commands/up.ts";
import { exitCodes } from "./exit-codes.ts";
import { findProject, type Project } from "./project.ts";
import { upSummary } from "./summary.ts";
import { note, out, outJson } from "./terminal.ts";

const startDeadlineMs = 10 * 60_000;

/**
 * `up --detach`: runs the same `up` in the background, with its output in .tenfold/logs/platform.log, and waits until it is ready. Until
 * then Ctrl-C is for it.
 */
export async function detach(options: UpOptions): Promise<void> {
  const started = performance.now();
  const project = findProject(options);
  const { logs } = project.directories;
  mkdirSync(logs, { recursive: true });
  const logFile = join(logs, "platform.log");
  const log = openSync(logFile, "a");
  const logStart = statSync(logFile).size;
  const words = process.argv.slice(1).filter((word) => word !== "-d" && word !== "--detach");
  const child = spawn(process.execPath, [...process.execArgv, ...words, "--no-logs"], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => child.kill("SIGTERM"));

  const waiting = new AbortController();
  try {
    const result = await Promise.race([ready(project, child, logFile, waiting.signal), ended(child)]);
    if (typeof result === "number") {
      if (result !== exitCodes.interrupted) relay(textFrom(logFile, logStart), options, upFailed(result, logFile));
      process.exitCode = result;
      return;
    }
    const { status, url } = result;
    if (options.json === true) outJson({ type: "up", url: status.url, control: url, pid: child.pid });
    else out(upSummary(status, url, performance.now() - started));
  } finally {
    waiting.abort();
    child.unref();
  }
}

async function ready({ root, directories }: Project, { pid }: ChildProcess, logFile: string, signal: AbortSignal) {
  return poll(
    async () => {
      try {
        await using client = ControlClient.find(root, directories.endpointFile);
        const status = await client.status();
        return status.pid === pid && status.state === "ready" ? { status, url: client.url } : undefined;
      } catch {
        return undefined;
      }
    },
    { everyMs: 100, deadlineMs: startDeadlineMs, onTimeout: () => upTimedOut(logFile), signal },
  );
}

async function ended(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return code ?? (signal === "SIGTERM" ? exitCodes.interrupted : exitCodes.failed);
}

/** What it has said is what this command says: its error is the last line of JSON, or the end of a text. */
function relay(said: string, { json }: UpOptions, ifSilent: TenfoldError): void {
  if (said === "") throw ifSilent;
  if (json === true) out(said.slice(said.lastIndexOf("\n") + 1));
  else note(said);
}

function textFrom(file: string, start: number): string {
  return readFileSync(file).subarray(start).toString("utf8").trim();
}

const upFailed = (code: number, logFile: string): TenfoldError =>
  new TenfoldError("UP_FAILED", `tenfold up ended with exit code ${code}, and could not write to ${logFile}`, {
    fix: "see `tenfold doctor`: the disk may be full",
    facts: { code, logFile },
  });

const upTimedOut = (logFile: string): TenfoldError =>
  new TenfoldError("UP_TIMEOUT", "tenfold up is not ready yet", {
    fix: `see ${logFile}; \`tenfold stop\` ends it`,
    facts: { logFile },
  });
