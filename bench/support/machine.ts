import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

/** What a number was measured on: without it the number means nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: say("uname", ["-sr"]) ?? process.platform,
  };
}

export function commit(): string {
  const changed = say("git", ["status", "--porcelain", "--", "src"]);
  return `${say("git", ["rev-parse", "--short", "HEAD"]) ?? "unknown"}${changed === "" ? "" : " with changes"}`;
}

/** What the command prints, stdout and stderr; `undefined` when there is no such command, or it fails. */
export function say(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync("sh", ["-c", 'exec "$0" "$@" 2>&1', command, ...args], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

/** Makes sure that the programs are there: by apt when root. @returns those that are not */
export function installPrograms(programs: Readonly<Record<string, string>>): string[] {
  const missing = (): string[] => Object.keys(programs).filter((program) => say("which", [program]) === undefined);
  const packages = missing().map((program) => programs[program]!);
  if (packages.length > 0 && process.getuid?.() === 0 && say("which", ["apt-get"]) !== undefined) {
    console.log(`Installing ${packages.join(", ")} …`);
    // Debian starts a web server as it installs it, on port 80; RUNLEVEL=1 keeps it from that.
    const env = ["RUNLEVEL=1", "DEBIAN_FRONTEND=noninteractive"];
    if (say("env", [...env, "apt-get", "install", "-y", "-qq", ...packages]) === undefined) {
      say("apt-get", ["update", "-qq"]);
      say("env", [...env, "apt-get", "install", "-y", "-qq", ...packages]);
    }
  }
  return missing();
}

export interface CpuTimes {
  readonly userSeconds: number;
  readonly systemSeconds: number;
}

/** CPU time that processes and their children, as far as they run, have used so far (proc(5)); in steps of 10 ms. */
export function cpuTimes(pids: readonly number[]): CpuTimes {
  let [user, system] = [0, 0];
  for (const pid of withChildren(pids)) {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    user += Number(fields[11]);
    system += Number(fields[12]);
  }
  return { userSeconds: user / 100, systemSeconds: system / 100 };
}

/** Memory of processes and their children that is in RAM; the kernel's own, for sockets and their buffers, is not part of it. */
export function residentBytes(pids: readonly number[]): number {
  return withChildren(pids).reduce((sum, pid) => {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return sum + Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
  }, 0);
}

function withChildren(pids: readonly number[]): number[] {
  return pids.flatMap((pid) => {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
    return [pid, ...withChildren(children.map(Number))];
  });
}

const wantedOpenFiles = 65_536;
let limit: number | undefined;

/** How many open files a process may be given here: each connection, of a client or to an upstream, is one. */
export function openFiles(): number {
  limit ??=
    say("prlimit", [`--nofile=${wantedOpenFiles}`, "true"]) === undefined
      ? Number(say("sh", ["-c", "ulimit -Hn"]))
      : wantedOpenFiles;
  return limit;
}
