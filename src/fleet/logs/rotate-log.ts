import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { copyFile } from "node:fs/promises";

/** What is written while the rest is copied is copied in the next round. Who writes faster than this is not caught up with. */
const maxRounds = 8;

/**
 * Moves the content of a log file that a process holds open to `<path>.1`, `.1` to `.2` and so on.
 *
 * The process writes through a descriptor of its own, so the file cannot be renamed under it: it is copied, then emptied (the
 * descriptor appends, so the next line goes to the start). A line that is written between the last look at the file and the moment
 * it is emptied is lost. That window is two system calls: the bulk is copied before, at leisure, and only what came since in the
 * same turn as the emptying.
 *
 * @param keep how many earlier files stay
 * @param beforeEmptying called in that turn, to read what must not be missed
 */
export async function rotateLog(path: string, keep: number, beforeEmptying: () => void): Promise<void> {
  const copy = `${path}.copying`;
  await copyFile(path, copy, constants.COPYFILE_FICLONE);
  const source = openSync(path, "r+");
  const target = openSync(copy, "a");
  try {
    beforeEmptying();
    const chunk = Buffer.allocUnsafe(64 * 1024);
    let position = fstatSync(target).size;
    for (let round = 0; round < maxRounds; round++) {
      const { size } = fstatSync(source);
      if (position >= size) break;
      while (position < size) {
        const read = readSync(source, chunk, 0, Math.min(chunk.length, size - position), position);
        if (read === 0) break;
        position += writeSync(target, chunk, 0, read);
      }
    }
    ftruncateSync(source, 0);
  } finally {
    closeSync(source);
    closeSync(target);
  }
  rmSync(`${path}.${keep}`, { force: true });
  for (let i = keep - 1; i >= 1; i--) {
    if (existsSync(`${path}.${i}`)) renameSync(`${path}.${i}`, `${path}.${i + 1}`);
  }
  renameSync(copy, `${path}.1`);
}
