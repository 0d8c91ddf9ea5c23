import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { messageOf, programBeside } from "../kernel/index.ts";
import { configExited, configInvalid, configNotExported, configTimedOut } from "./errors.ts";
import { type Failure, explainFailure } from "./evaluation-failure.ts";
import type { Problem } from "./problem.ts";

/** What the worker posts. */
export type Evaluation =
  | { readonly kind: "config"; readonly config: unknown }
  | { readonly kind: "unplain"; readonly problems: readonly Problem[] }
  | { readonly kind: "no-default"; readonly names: readonly string[] }
  | { readonly kind: "failed"; readonly failure: Failure };

const defaultLimitMs = 10_000;

/**
 * Runs a config file and returns its default export: plain data, not yet checked. It runs in a worker thread of its own, so that each call
 * sees the file as it is now, and so that it can neither change this process's globals nor end it nor hold it up.
 *
 * @throws CONFIG_* with the file and line, as errors.ts lists them
 */
export async function evaluateConfig(
  file: string,
  environment: Readonly<Record<string, string>>,
  limitMs = defaultLimitMs,
): Promise<unknown> {
  const evaluation = await runWorker(file, environment, limitMs);
  if (evaluation.kind === "config") return evaluation.config;
  if (evaluation.kind === "unplain") throw configInvalid(file, evaluation.problems);
  if (evaluation.kind === "no-default") throw configNotExported(file, evaluation.names);
  throw await explainFailure(file, evaluation.failure);
}

async function runWorker(
  file: string,
  environment: Readonly<Record<string, string>>,
  limitMs: number,
): Promise<Evaluation> {
  const program = programBeside(import.meta.filename, "evaluate-worker");
  const worker = new Worker(pathToFileURL(program), {
    workerData: { url: pathToFileURL(file).href },
    env: { ...environment },
    // Nothing of this process's own flags: neither its preloads nor its inspector.
    execArgv: [
      "--disable-warning=ExperimentalWarning",
      ...(extname(program) === ".ts" ? ["--conditions=tenfold-source"] : []),
    ],
    stdout: true,
    stderr: true,
  });
  // What a config prints is for people: standard output stays for data.
  for (const stream of [worker.stdout, worker.stderr]) stream.on("data", (text: Buffer) => process.stderr.write(text));
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Evaluation>((resolve, reject) => {
      timer = setTimeout(() => reject(configTimedOut(file, limitMs)), limitMs);
      worker.once("message", resolve);
      worker.once("error", (error) => resolve({ kind: "failed", failure: failureOf(error) }));
      worker.once("exit", (code) => reject(configExited(file, code)));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function failureOf(error: unknown): Failure {
  return {
    name: error instanceof Error ? error.name : "",
    message: messageOf(error),
    stack: error instanceof Error ? (error.stack ?? "") : "",
  };
}
