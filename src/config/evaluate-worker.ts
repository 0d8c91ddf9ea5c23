/**
 * The program of the worker thread that runs a config: imports it and posts what it exports.
 *
 * Two hooks make a config work wherever it lies. `tenfold` is always the running package, also when the project has none of its own
 * (`npx tenfold`). And a config written as a module is one, whatever the `type` of the package around it says.
 */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import type { Evaluation } from "./evaluate.ts";
import { findUnplain } from "./plain-data.ts";

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "tenfold" || specifier.startsWith("tenfold/")
      ? next(specifier, { ...context, parentURL: import.meta.url })
      : next(specifier, context),
  load: (url, context, next) => {
    const format = moduleFormat(url);
    return next(url, format === undefined ? context : { ...context, format });
  },
});

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
void evaluate((workerData as { url: string }).url).then((evaluation) => parentPort!.postMessage(evaluation));

async function evaluate(url: string): Promise<Evaluation> {
  try {
    const exports = (await import(url)) as Record<string, unknown>;
    if (!("default" in exports)) return { kind: "no-default", names: Object.keys(exports) };
    const problems = findUnplain(exports["default"]);
    return problems.length > 0 ? { kind: "unplain", problems } : { kind: "config", config: exports["default"] };
  } catch (thrown) {
    return { kind: "failed", failure: describe(thrown) };
  }
}

function describe(thrown: unknown): Extract<Evaluation, { kind: "failed" }>["failure"] {
  if (!(thrown instanceof Error)) return { name: "", message: inspect(thrown), stack: "" };
  const { name, message, stack = "" } = thrown;
  return { name, message, stack, ...("code" in thrown ? { code: String(thrown.code) } : {}) };
}

function moduleFormat(url: string): string | undefined {
  const format = /^file:(?!.*\/node_modules\/).*\.([tj]s)$/.exec(url)?.[1];
  if (format === undefined) return undefined;
  const isModule = /(^|[;}])\s*(import|export)\b/m.test(readFileSync(fileURLToPath(url), "utf8"));
  if (!isModule) return undefined;
  return format === "ts" ? "module-typescript" : "module";
}
