import { TenfoldError } from "../kernel/index.ts";
import { formatProblems, type Problem } from "./problem.ts";

/** Everything that is wrong, in one message; `facts.problems` has the same as data. */
export const configInvalid = (file: string, problems: readonly Problem[]): TenfoldError =>
  new TenfoldError("CONFIG_INVALID", formatProblems(problems, { file }), {
    fix: "correct these; `tenfold config` checks again without starting anything",
    facts: { file, problems },
  });

export const configNotFound = (directory: string): TenfoldError =>
  new TenfoldError("CONFIG_NOT_FOUND", `no tenfold.config.ts in ${directory} or a folder above it`, {
    fix: "create one with `tenfold init`, or name one with `--config <path>`",
    facts: { directory },
  });

export const configFileMissing = (path: string, near: string | undefined): TenfoldError =>
  new TenfoldError("CONFIG_NOT_FOUND", `${path} does not exist`, {
    fix: near === undefined ? "give --config a file or a folder that exists" : `did you mean ${near}?`,
    facts: { path },
  });

export const configAmbiguous = (directory: string, files: readonly string[]): TenfoldError =>
  new TenfoldError("CONFIG_AMBIGUOUS", `${directory} has several configs: ${files.join(", ")}`, {
    fix: "keep one, or name one with `--config <path>`",
    facts: { directory, files },
  });

export const envFileUnreadable = (file: string, cause: unknown): TenfoldError =>
  new TenfoldError("CONFIG_ENV_FILE", `${file} cannot be read: ${String(cause)}`, {
    fix: "make it readable for this user, or remove it",
    facts: { file },
    cause,
  });

export const configSyntax = (place: string, message: string, excerpt: string): TenfoldError =>
  new TenfoldError("CONFIG_SYNTAX", `${place}: ${message}${excerpt}`, { facts: { place } });

export const configUnsupportedTypeScript = (place: string, message: string, excerpt: string): TenfoldError =>
  new TenfoldError("CONFIG_UNSUPPORTED_TYPESCRIPT", `${place}: ${message}${excerpt}`, {
    fix: "Node only strips types: write an object `as const` for an enum, plain fields for parameter properties, a module for a namespace",
    facts: { place },
  });

export const configTypeImported = (place: string, name: string, from: string): TenfoldError =>
  new TenfoldError("CONFIG_IMPORT", `${place}: "${from}" exports no value named ${name}`, {
    fix: `write \`import type { ${name} } from "${from}"\` when it is a type; otherwise check its spelling`,
    facts: { place, name, from },
  });

export const configImportMissing = (place: string, specifier: string, isPackage: boolean): TenfoldError =>
  new TenfoldError("CONFIG_IMPORT", `${place}: cannot find ${isPackage ? "the package " : ""}${specifier}`, {
    fix: isPackage
      ? `npm install ${specifier}`
      : "check the path; imports name the file with its extension, as in ./ports.ts",
    facts: { place, specifier },
  });

export const configThrew = (place: string, message: string): TenfoldError =>
  new TenfoldError("CONFIG_THREW", `${place}: the config threw: ${message}`, { facts: { place } });

export const configExited = (file: string, code: number): TenfoldError =>
  new TenfoldError("CONFIG_EXITED", `${file} ended (exit code ${code}) before it gave a config`, {
    fix: "remove process.exit from what it runs, and let it await only what comes to an end",
    facts: { file, code },
  });

export const configTimedOut = (file: string, limitMs: number): TenfoldError =>
  new TenfoldError("CONFIG_TIMED_OUT", `${file} gave no config within ${limitMs / 1000} s`, {
    fix: "a config is plain data: let it not wait for the network or run for ever",
    facts: { file, limitMs },
  });

export const configNotExported = (file: string, names: readonly string[]): TenfoldError =>
  new TenfoldError(
    "CONFIG_NOT_EXPORTED",
    `${file} has no default export${names.length === 0 ? "" : `, only ${names.join(", ")}`}`,
    {
      fix: "write `export default defineConfig({ … })`",
      facts: { file, names },
    },
  );
