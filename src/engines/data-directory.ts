import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../kernel/index.ts";
import { directoryForeign, directoryOtherVersion, explainFileError } from "./errors.ts";

export type DataDirectory =
  | { readonly kind: "absent" }
  | { readonly kind: "foreign"; readonly found: string }
  | { readonly kind: "database"; readonly major: string; readonly isCopy: boolean };

/** In a directory that Tenfold copied from a primary, and may therefore delete. */
export const copyMark = "tenfold-copy.json";

export async function inspectDataDirectory(path: string): Promise<DataDirectory> {
  let entries: string[];
  try {
    entries = await readdir(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { kind: "absent" };
    if (codeOf(error) === "ENOTDIR") return { kind: "foreign", found: "a file" };
    throw explainFileError(error, path);
  }
  if (!entries.includes("PG_VERSION")) {
    return { kind: "foreign", found: entries.length === 0 ? "an empty folder" : `no PG_VERSION, but ${entries[0]}` };
  }
  try {
    const major = (await readFile(join(path, "PG_VERSION"), "utf8")).trim();
    return { kind: "database", major, isCopy: entries.includes(copyMark) };
  } catch (error) {
    throw explainFileError(error, path);
  }
}

/** @throws ENGINES_DIRECTORY_FOREIGN, ENGINES_DIRECTORY_OTHER_VERSION: nothing was touched */
export function assertUsable(path: string, found: DataDirectory, major: string): void {
  if (found.kind === "foreign") throw directoryForeign(path, found.found);
  if (found.kind === "database" && found.major !== major) throw directoryOtherVersion(path, found.major, major);
}
