import { lstat, readFile, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { codeOf } from "../kernel/index.ts";
import { librariesNotLinked } from "./errors.ts";

/**
 * npm packages cannot hold symbolic links, and Postgres finds its libraries by them (libpq.so.5 → libpq.so.5.18). The
 * package lists them in `native/pg-symlinks.json` and makes them in an install script, which many setups do not run; so
 * what is missing is made here. symlink(2) makes a whole link or fails: two processes at once do no harm.
 */
export async function linkLibraries(packageRoot: string): Promise<void> {
  for (const { source, target } of await listLinks(packageRoot)) {
    const link = join(packageRoot, target);
    if (await isThere(link)) continue;
    try {
      await symlink(relative(dirname(link), join(packageRoot, source)), link);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw librariesNotLinked(link, error);
    }
  }
}

async function listLinks(packageRoot: string): Promise<{ source: string; target: string }[]> {
  try {
    return JSON.parse(await readFile(join(packageRoot, "native", "pg-symlinks.json"), "utf8")) as never;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}
