import { randomBytes } from "node:crypto";
import { chown, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../kernel/index.ts";
import type { Binaries } from "./binaries.ts";
import { binariesDoNotRun, explainFileError, initFailed } from "./errors.ts";
import { commandAs, type RunAs } from "./run-as.ts";
import { runProgram } from "./run-program.ts";
import { roles } from "./server-config.ts";
import type { StateFolder } from "./state-folder.ts";

export interface Initialization {
  readonly folder: StateFolder;
  readonly binaries: Binaries;
  readonly runAs: RunAs;
  readonly adminPassword: string;
}

/**
 * Makes an empty database. It is made beside its place and moved there when it is whole and on disk (initdb syncs), so that a data
 * directory is either complete or absent, whenever the power goes.
 */
export async function initializeDatabase(node: string, how: Initialization, signal?: AbortSignal): Promise<void> {
  const { folder, binaries, runAs, adminPassword } = how;
  const workshop = join(folder.root, `initdb-${randomBytes(6).toString("hex")}`);
  const data = join(workshop, "data");
  const passwordFile = join(workshop, "password");
  try {
    await folder.makeFolder(workshop);
    await writeFile(passwordFile, adminPassword, { mode: 0o600 });
    if (runAs.user !== undefined) {
      for (const path of [workshop, passwordFile]) await chown(path, runAs.user.uid, runAs.user.gid);
    }
    const args = [
      `--pgdata=${data}`,
      `--username=${roles.admin}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      // The builtin provider sorts by code point, on every system and after every upgrade of it alike.
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
    ];
    await runInitdb(commandAs(runAs, binaries.initdb, args), folder.root, signal);
    if (folder.user !== undefined && folder.user.uid !== runAs.user?.uid) await giveTree(data, folder);
    await rename(data, folder.data(node));
    await syncFolder(folder.root);
  } catch (error) {
    throw explainFileError(error, folder.root);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

/** Brings a copied data directory to disk. */
export async function syncDirectory(
  path: string,
  how: Pick<Initialization, "folder" | "binaries" | "runAs">,
): Promise<void> {
  await runInitdb(commandAs(how.runAs, how.binaries.initdb, ["--sync-only", `--pgdata=${path}`]), how.folder.root);
}

/** Makes a rename last. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return; // folders cannot be opened there
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function runInitdb(command: ReturnType<typeof commandAs>, cwd: string, signal?: AbortSignal): Promise<void> {
  const finished = await runProgram(command, { cwd, signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw binariesDoNotRun(command.program, messageOf(error));
  });
  if (finished.code !== 0) throw initFailed(cwd, finished.output);
}

async function giveTree(path: string, folder: StateFolder): Promise<void> {
  await folder.makeOwn(path);
  for (const entry of await readdir(path, { recursive: true })) await folder.makeOwn(join(path, entry));
}
