/**
 * `postmaster.pid`: the lock file that a server keeps in its data directory, one fact a line
 * (src/include/utils/pidfile.h).
 */
export interface PostmasterPid {
  readonly pid: number;
  readonly port: number | undefined;
  /** It takes connections. (A replica: once it is consistent.) */
  readonly isReady: boolean;
}

export function parsePostmasterPid(text: string): PostmasterPid | undefined {
  const lines = text.split("\n").map((line) => line.trim());
  const pid = Number(lines[0]);
  // A standalone backend writes its pid negative.
  if (!Number.isInteger(pid) || pid === 0) return undefined;
  const port = Number(lines[3]);
  return {
    pid: Math.abs(pid),
    port: Number.isInteger(port) && port > 0 ? port : undefined,
    isReady: lines[7] === "ready",
  };
}

/**
 * The same file in the name of another process. A new server refuses to start while the pid in the file lives, also as
 * a zombie, or when the kernel gave it to something else; but not when it is the pid of its own parent (`CreateLockFile` in
 * miscinit.c). Deleting the file instead would lose line 7, by which it sees that old backends still use the data.
 */
export function disownPostmasterPid(text: string, parentPid: number): string {
  return [String(parentPid), ...text.split("\n").slice(1)].join("\n");
}
