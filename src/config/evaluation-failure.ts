import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { TenfoldError } from "../kernel/index.ts";
import {
  configImportMissing,
  configSyntax,
  configThrew,
  configTypeImported,
  configUnsupportedTypeScript,
} from "./errors.ts";

/** An error as it came out of the worker. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: string;
}

/** What Node says about a module that failed to load, as one readable error that names the file and the line. */
export async function explainFailure(file: string, failure: Failure): Promise<TenfoldError> {
  if (failure.code === "ERR_MODULE_NOT_FOUND") return missingImport(file, failure.message);
  if (failure.name !== "SyntaxError") return configThrew(throwingPlace(file, failure.stack), failure.message);

  const { place, excerpt } = syntaxPlace(failure.stack) ?? syntaxPlace(await nodeCheck(file)) ?? noPlace(file);
  if (failure.code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
    return configUnsupportedTypeScript(place, failure.message, excerpt);
  }
  const imported = /The requested module '(.+)' does not provide an export named '(.+)'/.exec(failure.message);
  if (imported !== null) return configTypeImported(place, imported[2]!, imported[1]!);
  return configSyntax(place, failure.message, excerpt);
}

interface Place {
  /** `"/app/tenfold.config.ts:3"`. */
  readonly place: string;
  /** The line, and a mark under what is wrong; begins with a line break unless empty. */
  readonly excerpt: string;
}

const noPlace = (file: string): Place => ({ place: file, excerpt: "" });

/** Node opens the report of a syntax error with `file:line`, the line itself, and a row of `^`. */
function syntaxPlace(report: string): Place | undefined {
  const [head = "", ...rest] = report.split("\n");
  const match = /^(.+\.[mc]?[tj]s):(\d+)$/.exec(head);
  if (match === null) return undefined;
  const marks = rest.findIndex((line) => /^\s*\^+\s*$/.test(line));
  const excerpt = marks < 1 ? "" : `\n\n  ${rest[marks - 1]}\n  ${rest[marks]}\n`;
  return { place: `${toPath(match[1]!)}:${match[2]}`, excerpt };
}

/** Early errors of JavaScript modules carry no place; `node --check` prints one. */
function nodeCheck(file: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--check", file], { timeout: 5_000 }, (_error, _stdout, stderr) => resolve(stderr));
  });
}

function throwingPlace(file: string, stack: string): string {
  for (const [, path, line] of stack.matchAll(/(?:\(|at (?:async )?)((?:file:\/\/)?\/[^()\n]+?):(\d+):\d+\)?$/gm)) {
    if (!/evaluate-worker\.[tj]s$/.test(path!)) return `${toPath(path!)}:${line}`;
  }
  return file;
}

function missingImport(file: string, message: string): TenfoldError {
  const match = /^Cannot find (package|module) '(.+?)' imported from (.+)$/m.exec(message);
  if (match === null) return configThrew(file, message);
  const [, kind, wanted, from] = match as unknown as [string, string, string, string];
  const importer = toPath(from);
  const line = lineThatImports(importer, kind === "package" ? wanted : basename(wanted));
  return configImportMissing(line === undefined ? importer : `${importer}:${line}`, wanted, kind === "package");
}

function lineThatImports(file: string, name: string): number | undefined {
  const lines = readFileSync(file, "utf8").split("\n");
  const index = lines.findIndex((line) => /\b(import|from|require)\b/.test(line) && line.includes(name));
  return index === -1 ? undefined : index + 1;
}

function toPath(pathOrUrl: string): string {
  return pathOrUrl.startsWith("file:") ? fileURLToPath(pathOrUrl) : pathOrUrl;
}
