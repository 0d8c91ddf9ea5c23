import { readdirSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { codeOf } from "../kernel/index.ts";

/**
 * The sockets of a gateway process: the one that it is controlled by, `gateway-1-0a1b2c3d.sock`, and beside it those of servers inside of it,
 * `gateway-1-0a1b2c3d.s1`. They are told from others by their names alone, so that whoever knows the first can remove what a
 * process that was killed has left; and they are no longer than the first, since paths of sockets may not be long.
 */
export function socketBeside(controlPath: string, number: number): string {
  return `${stemOf(controlPath)}.s${number}`;
}

/** Of a process that has ended, however it ended. */
export function removeSockets(controlPath: string): void {
  rmSync(controlPath, { force: true });
  const folder = dirname(controlPath);
  const stem = `${basename(stemOf(controlPath))}.s`;
  for (const name of namesIn(folder)) {
    if (name.startsWith(stem) && /^\d+$/.test(name.slice(stem.length))) rmSync(`${folder}/${name}`, { force: true });
  }
}

function stemOf(controlPath: string): string {
  return controlPath.replace(/\.sock$/, "");
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}
