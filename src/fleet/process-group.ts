import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { codeOf } from "../kernel/index.ts";

/**
 * An instance is a process group, led by the process that was started: `npm run`, a shell and what they start end together.
 * A process that leaves the group (setsid) leaves the fleet's care.
 */

/** Sends to every process of the group that we may signal; `false`: there is none at all. */
export function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === "ESRCH") return false;
    if (code === "EPERM") return true; // It has become another user's, as `sudo` does.
    throw error;
  }
}

/** Whether a process of the group still runs. Zombies do not count: who should collect them may never do so, as in many containers. */
export function isGroupAlive(leader: number): boolean {
  try {
    process.kill(-leader, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
  if (process.platform !== "linux") return true;
  return readdirSync("/proc").some((name) => {
    if (!/^\d+$/.test(name)) return false;
    const stat = readStat(name);
    return stat !== undefined && stat.group === leader && stat.state !== "Z" && stat.state !== "X";
  });
}

/** The process group of a process; `undefined` when there is no such process. */
export function groupOf(pid: number): number | undefined {
  if (process.platform === "linux") return readStat(String(pid))?.group;
  try {
    const group = Number(execFileSync("ps", ["-o", "pgid=", "-p", String(pid)], { encoding: "utf8" }).trim());
    return Number.isInteger(group) && group > 0 ? group : undefined;
  } catch {
    return undefined;
  }
}

function readStat(pid: string): { state: string; group: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // proc(5): pid (command) state ppid pgrp …; the command may itself hold spaces and parentheses.
    const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: state!, group: Number(group) };
  } catch {
    return undefined;
  }
}
