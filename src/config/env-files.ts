import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { codeOf } from "../kernel/index.ts";
import { envFileUnreadable } from "./errors.ts";

/** The real environment together with what env files add to it. */
export interface Environment {
  readonly values: Readonly<Record<string, string>>;
  /** Variable → name of the env file that gave it. Not listed: the real environment did. */
  readonly files: ReadonlyMap<string, string>;
}

/** From the strongest to the weakest. The real environment wins over all. */
export function envFileNames(mode: string): string[] {
  return [`.env.${mode}.local`, `.env.${mode}`, ".env.local", ".env"];
}

export function readEnvironment(root: string, mode: string, real: NodeJS.ProcessEnv): Environment {
  const values: Record<string, string> = {};
  const files = new Map<string, string>();
  for (const [name, value] of Object.entries(real)) if (value !== undefined) values[name] = value;
  for (const file of envFileNames(mode)) {
    for (const [name, value] of Object.entries(readEnvFile(join(root, file)))) {
      if (Object.hasOwn(values, name) || value === undefined) continue;
      values[name] = value;
      files.set(name, file);
    }
  }
  return { values, files };
}

function readEnvFile(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (error) {
    // A folder named .env is a Python environment, not ours to read.
    if (codeOf(error) === "ENOENT" || codeOf(error) === "EISDIR") return {};
    throw envFileUnreadable(path, error);
  }
}
