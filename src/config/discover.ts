import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { nearest } from "../kernel/index.ts";
import { configAmbiguous, configFileMissing, configNotFound } from "./errors.ts";

const names = ["tenfold.config.ts", "tenfold.config.mts", "tenfold.config.js", "tenfold.config.mjs"];

export interface Whereabouts {
  readonly cwd: string;
  /** A file or a folder, relative to `cwd`: only this is looked at. */
  readonly file?: string;
}

/**
 * The config's absolute path: in `cwd` or the nearest folder above. The search ends at a repository's root, so that a config of
 * another project is never taken by accident.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_AMBIGUOUS
 */
export function findConfigFile({ cwd, file }: Whereabouts): string {
  if (file !== undefined) return namedConfig(resolve(cwd, file));
  const start = resolve(cwd);
  for (let folder = start; ; folder = dirname(folder)) {
    const found = configIn(folder);
    if (found !== undefined) return found;
    if (existsSync(join(folder, ".git")) || folder === dirname(folder)) throw configNotFound(start);
  }
}

function namedConfig(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw configFileMissing(path, neighbour(path));
  if (!stats.isDirectory()) return path;
  const found = configIn(path);
  if (found === undefined) throw configNotFound(path);
  return found;
}

function configIn(folder: string): string | undefined {
  const present = names.filter((name) => existsSync(join(folder, name)));
  if (present.length > 1) throw configAmbiguous(folder, present);
  return present[0] === undefined ? undefined : join(folder, present[0]);
}

function neighbour(path: string): string | undefined {
  try {
    const near = nearest(basename(path), readdirSync(dirname(path)));
    return near === undefined ? undefined : join(dirname(path), near);
  } catch {
    return undefined;
  }
}
