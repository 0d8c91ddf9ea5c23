import { existsSync } from "node:fs";
import { tmpdir } from "node:os";

/** Where files are no files on a disk. */
export const inMemory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
