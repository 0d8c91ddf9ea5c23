/**
 * One Tenfold per directory. Whoever wants it puts a claim into it, a file with its process identity, and then looks for
 * claims of others that live: writing before looking means that of two at least one sees the other. Both may see each
 * other and withdraw; each then tries again after a random while. A claim of a dead process counts for nothing.
 */
import { randomUUID } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type Clock,
  identifyProcess,
  isSameProcess,
  type ProcessIdentity,
  systemClock,
  writeFileAtomic,
} from "../kernel/index.ts";
import { directoryInUse } from "./errors.ts";

export interface Claim {
  release(): Promise<void>;
}

const attempts = 5;
const maxWaitMs = 80;
const claimFile = /^claim-[0-9a-f-]+\.json$/;

export async function claimDirectory(
  directory: string,
  { clock = systemClock, random = Math.random }: { clock?: Clock; random?: () => number } = {},
): Promise<Claim> {
  const name = `claim-${randomUUID()}.json`;
  const path = join(directory, name);
  for (let attempt = 1; ; attempt++) {
    await writeFileAtomic(path, JSON.stringify(identifyProcess(process.pid)));
    const holder = await findOther(directory, name);
    if (holder === undefined) return { release: () => rm(path, { force: true }) };
    await rm(path, { force: true });
    if (attempt === attempts) throw directoryInUse(directory, holder.pid);
    await clock.sleep(random() * maxWaitMs);
  }
}

async function findOther(directory: string, own: string): Promise<ProcessIdentity | undefined> {
  for (const name of await readdir(directory)) {
    if (name === own || !claimFile.test(name)) continue;
    const path = join(directory, name);
    const identity = await readIdentity(path);
    if (identity !== undefined && isSameProcess(identity)) return identity;
    if (identity !== undefined) await rm(path, { force: true });
  }
  return undefined;
}

async function readIdentity(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as ProcessIdentity;
  } catch {
    return undefined; // withdrawn meanwhile
  }
}
