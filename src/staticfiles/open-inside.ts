import { constants } from "node:fs";
import { type FileHandle, open, readlink, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { codeOf } from "../kernel/index.ts";
import { SiteFile } from "./site-file.ts";

/** Why there is no file to read. `denied`: the system does not let us read it. */
export type NoFile = "absent" | "folder" | "denied";

/** A pipe would have its reader wait, in a thread that others need. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Opens a file of a directory, or nothing: symbolic links may lead around within it, never out.
 *
 * Where a path leads can change between any two looks at it, so it is opened first, and then asked of what was opened where it is. Linux
 * answers that itself. Elsewhere the path is resolved once more and must lead to the very same file.
 *
 * @param root without symbolic links: `realpath`
 * @param names none of them `..` or with a separator
 */
export async function openInside(root: string, names: readonly string[]): Promise<SiteFile | NoFile> {
  const path = join(root, ...names);
  let handle: FileHandle;
  try {
    handle = await open(path, flags);
  } catch (error) {
    return reasonOf(error);
  }
  let isKept = false;
  try {
    const stats = await handle.stat({ bigint: true });
    const place = await placeOf(handle, path);
    if (place === undefined || !isWithin(place, root)) return "absent";
    if (stats.isDirectory()) return "folder";
    if (!stats.isFile()) return "absent";
    isKept = true;
    return new SiteFile(handle, stats);
  } catch (error) {
    return reasonOf(error);
  } finally {
    if (!isKept) await handle.close();
  }
}

async function placeOf(handle: FileHandle, path: string): Promise<string | undefined> {
  if (process.platform === "linux") {
    try {
      return await readlink(`/proc/self/fd/${handle.fd}`);
    } catch {
      // Where /proc is not mounted.
    }
  }
  return resolvedPlaceOf(handle, path);
}

/** Where the path leads now, if it leads to the file that is open. */
export async function resolvedPlaceOf(handle: FileHandle, path: string): Promise<string | undefined> {
  const place = await realpath(path);
  const [there, opened] = await Promise.all([stat(place, { bigint: true }), handle.stat({ bigint: true })]);
  return there.dev === opened.dev && there.ino === opened.ino ? place : undefined;
}

function isWithin(place: string, root: string): boolean {
  return place === root || place.startsWith(root.endsWith(sep) ? root : root + sep);
}

const reasons: ReadonlyMap<string | undefined, NoFile> = new Map([
  ["ENOENT", "absent"],
  ["ENOTDIR", "absent"],
  ["ENAMETOOLONG", "absent"],
  ["ELOOP", "absent"],
  // Sockets and devices.
  ["ENXIO", "absent"],
  ["ENODEV", "absent"],
  ["EACCES", "denied"],
  ["EPERM", "denied"],
]);

/** @throws what says nothing about this path: no more files can be opened, the disk is broken */
function reasonOf(error: unknown): NoFile {
  const reason = reasons.get(codeOf(error));
  if (reason === undefined) throw error;
  return reason;
}
