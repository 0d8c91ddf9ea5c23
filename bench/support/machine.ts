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

/** Seconds of CPU time that a process and its children, as far as they run, have used (proc(5)). */
export function cpuSeconds(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return ticks / 100 + children.reduce((sum, child) => sum + cpuSeconds(Number(child)), 0);
}
