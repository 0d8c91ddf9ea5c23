import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ControlClient } from "../control/index.ts";
import { poll, TenfoldError } from "../kernel/index.ts";
import type { UpOptions } from "./commands/up.ts";
import { findProject } from "./project.ts";
import { upSummary } from "./summary.ts";
import { out, outJson } from "./terminal.ts";

const startDeadlineMs = 10 * 60_000;

/** `up --detach`: runs the same `up` in the background, with its output in .tenfold/logs/platform.log, and waits until it is ready. */
export async function detach(options: UpOptions): Promise<void> {
  const started = performance.now();
  const { root, directories } = findProject(options);
  mkdirSync(directories.logs, { recursive: true });
  const logFile = join(directories.logs, "platform.log");
  const log = openSync(logFile, "a");
  const logStart = statSync(logFile).size;
  const arguments_ = process.argv.slice(1).filter((word) => word !== "-d" && word !== "--detach");
  const child = spawn(process.execPath, [...process.execArgv, ...arguments_, "--no-logs"], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const exited = once(child, "exit").then(([code]) => {
    const output = readFileSync(logFile).subarray(logStart).toString("utf8").trim();
    throw new TenfoldError("UP_FAILED", `tenfold up ended with exit code ${code}:\n${output}`, { facts: { code } });
  });
  const ready = poll(
    async () => {
      try {
        await using client = ControlClient.find(root, directories.endpointFile);
        const status = await client.status();
        return status.pid === child.pid && status.state === "ready" ? { status, url: client.url } : undefined;
      } catch {
        return undefined;
      }
    },
    {
      everyMs: 100,
      deadlineMs: startDeadlineMs,
      onTimeout: () => new TenfoldError("UP_TIMEOUT", "tenfold up is not ready yet", { fix: `see ${logFile}` }),
    },
  );
  const { status, url } = await Promise.race([ready, exited]);
  child.unref();
  if (options.json === true) outJson({ type: "up", url: status.url, control: url, pid: child.pid });
  else out(upSummary(status, url, performance.now() - started));
}
