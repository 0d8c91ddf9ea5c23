import { open, rename, rm, stat } from "node:fs/promises";

/** A rotation takes milliseconds: a lock that is older is that of a process that was killed in the middle of one. */
const staleLockMs = 10_000;

/**
 * Sets a log aside that several processes append to, each by opening it anew: `access.log` becomes `access.log.1`, and so on; the oldest
 * goes.
 *
 * Two that rotate at once would push what was just set aside over the edge, so it is done under a lock, and only after another look at
 * the size: the one before may have done it already. Whoever does not get the lock goes on appending. A line that is written while
 * its file is renamed is in the renamed one; nothing is lost.
 *
 * @returns whether the log is a new one now
 */
export async function rotateLog(path: string, maxFiles: number, isFull: (bytes: number) => boolean): Promise<boolean> {
  const lock = `${path}.lock`;
  if (!(await take(lock))) return false;
  try {
    if (!isFull((await stat(path)).size)) return false;
    for (let i = maxFiles - 1; i >= 1; i--) {
      const older = i === 1 ? path : `${path}.${i - 1}`;
      await rename(older, `${path}.${i}`).catch(() => undefined);
    }
    return true;
  } catch {
    return false; // It is gone.
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await (await open(lock, "wx")).close();
    return true;
  } catch {
    const since = await stat(lock).catch(() => undefined);
    // Not taken in the same breath: another may have the same thought.
    if (since !== undefined && Date.now() - since.mtimeMs > staleLockMs) await rm(lock, { force: true });
    return false;
  }
}
