import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * A process id alone does not name a process: the kernel gives it again. Together with the time the process started it does.
 * Everything that may be signalled after a restart of the platform is remembered this way.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; compared for equality only. Linux: clock ticks since boot, plus the boot id. Elsewhere: what `ps` prints. */
  readonly startedAt: string;
}

/** The identity of a running process; `undefined` when there is none, or only its zombie. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  if (process.platform === "win32") return isSignallable(pid) ? { pid, startedAt: "" } : undefined;
  if (process.platform !== "linux") return identifyByPs(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the command in parentheses and may itself hold spaces and parentheses (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // The first thread may be a zombie while others still end: until they have, sockets and files are open.
    if (fields[0] === "X" || (fields[0] === "Z" && Number(fields[17]) <= 1)) return undefined;
    return { pid, startedAt: `${bootId()}:${fields[19]}` };
  } catch {
    return undefined;
  }
}

/** Whether something read from a file is an identity: a machine that lost power may leave files that are empty or cut. */
export function isProcessIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== "object" || value === null || !("pid" in value) || !("startedAt" in value)) return false;
  return Number.isInteger(value.pid) && typeof value.startedAt === "string";
}

export function isSameProcess(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}

let cachedBootId: string | undefined;
function bootId(): string {
  cachedBootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  return cachedBootId;
}

function identifyByPs(pid: number): ProcessIdentity | undefined {
  try {
    const [state, ...started] = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" })
      .trim()
      .split(/\s+/);
    return state === undefined || state.startsWith("Z") ? undefined : { pid, startedAt: started.join(" ") };
  } catch {
    return undefined;
  }
}

function isSignallable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
