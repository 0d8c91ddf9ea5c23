import { readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { canSharePorts } from "../../gateway/index.ts";
import { formatBytes } from "../../kernel/index.ts";
import { isNodeNewEnough, oldestNode } from "../oldest-node.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

const wantedOpenFiles = 4_096;
const wantedBacklog = 1_024;
const wantedDiskBytes = 1024 ** 3;

export function checkNode(version: string = process.versions.node): Finding {
  return isNodeNewEnough(version)
    ? ok("node", version)
    : problem("node", version, `install Node ${oldestNode} or newer`);
}

export function checkCores(cores: number = availableParallelism(), memoryBytes: number = totalmem()): Finding {
  return ok("machine", `${cores} cores, ${(memoryBytes / 1024 ** 3).toFixed(1)} GiB of memory`);
}

/** Each client and each upstream connection is an open file of the gateway. */
export function checkOpenFiles(limits: string | undefined = readText("/proc/self/limits")): Finding {
  const soft = /^Max open files\s+(\S+)/m.exec(limits ?? "")?.[1];
  if (soft === undefined) return ok("open files", "the limit is not known on this system");
  if (soft === "unlimited" || Number(soft) >= wantedOpenFiles) return ok("open files", `limit ${soft}`);
  return warning(
    "open files",
    `limit ${soft}`,
    "raise it: `ulimit -n 65536`, or LimitNOFILE=65536 in the service unit",
  );
}

/** A burst of new connections waits in the kernel's queue; what does not fit is refused. */
export function checkBacklog(value: string | undefined = readText("/proc/sys/net/core/somaxconn")): Finding {
  if (value === undefined) return ok("listen backlog", "the limit is not known on this system");
  const limit = Number(value);
  if (limit >= wantedBacklog) return ok("listen backlog", `limit ${limit}`);
  return warning("listen backlog", `limit ${limit}`, `raise it: \`sysctl -w net.core.somaxconn=4096\``);
}

export async function checkDisk(directory: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  const found = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  if (free >= wantedDiskBytes) return ok("disk", found);
  return problem(
    "disk",
    found,
    `free some: data, logs and the write-ahead log need at least ${formatBytes(wantedDiskBytes)}`,
  );
}

/** Several gateway processes share a port. */
export async function checkSharedPorts(isShared: () => Promise<boolean> = canSharePorts): Promise<Finding> {
  if (await isShared()) return ok("shared ports", "SO_REUSEPORT works");
  return warning(
    "shared ports",
    "SO_REUSEPORT does not work here",
    "one gateway process serves, whatever gateway.processes says",
  );
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
