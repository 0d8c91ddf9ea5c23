/**
 * A base backup without pg_basebackup (which the npm package does not bring), by the low-level API: "Making a Base Backup Using
 * the Low Level API" in the manual. The primary is told that a copy begins, its files are copied while they change, and the
 * WAL from the beginning on makes the copy consistent: a slot keeps that WAL, and the replica streams it. What is left out
 * is what pg_basebackup leaves out (src/backend/backup/basebackup.c), and all of pg_wal, which is streamed.
 *
 * The session that starts the backup must stay open until the backup is stopped; if it ends before, the copy is worthless.
 */
import { constants, type Dirent } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "pg";
import { codeOf } from "../kernel/index.ts";
import { copyMark } from "./data-directory.ts";
import { explainFileError, tablespacesUnsupported } from "./errors.ts";
import type { StateFolder } from "./state-folder.ts";

const emptied = new Set([
  "pg_dynshmem",
  "pg_notify",
  "pg_replslot",
  "pg_serial",
  "pg_snapshots",
  "pg_stat_tmp",
  "pg_subtrans",
  "pg_wal",
]);
const omitted =
  /^(postmaster\.(pid|opts)|postgresql\.auto\.conf\.tmp|current_logfiles(\.tmp)?|backup_label(\.old)?|tablespace_map(\.old)?|backup_manifest|standby\.signal|recovery\.signal|tenfold-copy\.json|pg_internal\.init.*|pgsql_tmp.*)$/;

const copiesAtOnce = 4;

export interface BaseCopy {
  readonly folder: StateFolder;
  readonly from: string;
  readonly to: string;
  /** Brings a directory to disk. */
  readonly sync: (path: string) => Promise<void>;
}

/** @param client of the primary, with a role that may back up */
export async function copyBase(
  client: Client,
  { folder, from, to, sync }: BaseCopy,
  signal?: AbortSignal,
): Promise<void> {
  const target = `${folder.data(to)}.building`;
  try {
    await rm(target, { recursive: true, force: true });
    await folder.makeFolder(target);
    await writeOwn(join(target, copyMark), JSON.stringify({ copyOf: from }));
    await client.query("select pg_backup_start('tenfold', true)");
    await copyTree(folder.data(from), target, signal);
    await copyControlFile(folder.data(from), target);
    await folder.makeOwn(join(target, "global", "pg_control"));
    const { rows } = await client.query<{ labelfile: string; spcmapfile: string }>(
      "select labelfile, spcmapfile from pg_backup_stop(false)",
    );
    if (rows[0]!.spcmapfile !== "") throw tablespacesUnsupported();
    await writeOwn(join(target, "backup_label"), rows[0]!.labelfile);
    await writeOwn(join(target, "standby.signal"), "");
    await sync(target);
    await rename(target, folder.data(to));
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw explainFileError(error, target);
  }

  async function writeOwn(path: string, content: string): Promise<void> {
    await writeFile(path, content, { mode: 0o600 });
    await folder.makeOwn(path);
  }

  async function copyTree(source: string, copy: string, signal: AbortSignal | undefined): Promise<void> {
    const files = await listFiles(source, copy);
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < files.length) {
        signal?.throwIfAborted();
        const path = files[next++]!;
        if (await copyIfThere(join(source, path), join(copy, path))) await folder.makeOwn(join(copy, path));
      }
    };
    const stopOthers = (error: unknown): never => {
      next = files.length;
      throw error;
    };
    // All have ended before a failure is passed on: what was copied is deleted then.
    const ended = await Promise.allSettled(Array.from({ length: copiesAtOnce }, () => worker().catch(stopOthers)));
    for (const each of ended) if (each.status === "rejected") throw each.reason;
  }

  /** Makes the folders, and lists the files to copy, relative to the source. */
  async function listFiles(source: string, copy: string, inside = ""): Promise<string[]> {
    const files: string[] = [];
    for (const entry of await entriesOf(join(source, inside))) {
      const path = join(inside, entry.name);
      if (omitted.test(entry.name) || path === join("global", "pg_control")) continue;
      if (inside === "pg_tblspc") throw tablespacesUnsupported();
      if (entry.isFile()) files.push(path);
      if (!entry.isDirectory()) continue;
      await mkdir(join(copy, path), { mode: 0o700 });
      await folder.makeOwn(join(copy, path));
      if (!emptied.has(path)) files.push(...(await listFiles(source, copy, path)));
    }
    return files;
  }
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === "ENOENT") return []; // the database was dropped meanwhile
    throw error;
  }
}

/** `false`: the table was dropped meanwhile; the WAL says so too. */
async function copyIfThere(source: string, target: string): Promise<boolean> {
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Last, as pg_basebackup does; and whole: it has no WAL to mend it, so it is read until two readings agree. */
async function copyControlFile(source: string, target: string): Promise<void> {
  const path = join(source, "global", "pg_control");
  let last = await readFile(path);
  for (let attempt = 0; attempt < 100; attempt++) {
    const again = await readFile(path);
    if (again.equals(last)) break;
    last = again;
  }
  await writeFile(join(target, "global", "pg_control"), last, { mode: 0o600 });
}
