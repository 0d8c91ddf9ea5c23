import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface PortHolder {
  readonly pid: number;
  /** Program and arguments, shortened. */
  readonly command: string;
  /** Those that listen on the port, opaque: several processes may have one open. */
  readonly sockets: readonly string[];
}

/**
 * The processes that listen on a TCP port, as far as this user may see: `/proc/net/tcp` names sockets by inode, `/proc/<pid>/fd` links to
 * them (proc(5)). Best effort, Linux only; empty when nobody was found.
 */
export function findPortHolders(port: number): PortHolder[] {
  const links = new Set(listeningInodes(port).map((inode) => `socket:[${inode}]`));
  if (links.size === 0) return [];
  return list("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => ({ pid, sockets: openFiles(pid).filter((link) => links.has(link)) }))
    .filter(({ sockets }) => sockets.length > 0)
    .map(({ pid, sockets }) => ({ pid: Number(pid), command: commandOf(pid), sockets }));
}

const listening = "0A";

function listeningInodes(port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) =>
    read(table)
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => state === listening && local?.endsWith(`:${wanted}`) === true)
      .map((fields) => fields[9]!),
  );
}

function openFiles(pid: string): string[] {
  return list(`/proc/${pid}/fd`).map((fd) => linkTarget(`/proc/${pid}/fd/${fd}`));
}

function commandOf(pid: string): string {
  const command = read(`/proc/${pid}/cmdline`).split("\0").join(" ").trim();
  return command.length > 80 ? `${command.slice(0, 79)}…` : command;
}

// Processes come and go while they are looked at, and those of others may not be looked into.
function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function linkTarget(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return "";
  }
}
