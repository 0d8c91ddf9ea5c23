/**
 * Migrations as they lie in a folder: `0007_add_price.sql` or `.ts`, a number, a name. They run in the order of their numbers, each once, and what has run is not
 * changed any more: its checksum is kept beside it.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../../kernel/index.ts";
import { folderMissing, nameInvalid, numberTaken } from "./errors.ts";

export interface MigrationFile {
  readonly number: number;
  readonly name: string;
  readonly path: string;
  readonly kind: "sql" | "ts";
  readonly content: string;
  /** SHA-256 of the content, with line ends of one kind: editors and git may change those. */
  readonly checksum: string;
}

const pattern = /^(\d{1,9})[_-]([\w-]+)\.(sql|ts|mts|js|mjs)$/;
/** Notes to read, declarations, hidden files, and what tests them. */
const isOther = (name: string): boolean => /^\.|\.md$|\.d\.m?ts$|\.test\.m?[jt]s$/.test(name);

/** @throws MIGRATIONS_FOLDER_MISSING, MIGRATION_NAME_INVALID, MIGRATION_NUMBER_TAKEN */
export async function readMigrations(folder: string): Promise<readonly MigrationFile[]> {
  const names = await list(folder);
  const files = await Promise.all(names.filter((name) => !isOther(name)).map((name) => readMigration(folder, name)));
  const sorted = files.toSorted((a, b) => a.number - b.number);
  for (const [index, file] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before?.number === file.number) throw numberTaken(before.path, file.path);
  }
  return sorted;
}

async function list(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (error) {
    if (codeOf(error) === "ENOENT") throw folderMissing(folder);
    throw error;
  }
}

async function readMigration(folder: string, fileName: string): Promise<MigrationFile> {
  const path = join(folder, fileName);
  const match = pattern.exec(fileName);
  if (match === null) throw nameInvalid(path);
  const content = await readFile(path, "utf8");
  const checksum = createHash("sha256").update(content.replaceAll("\r\n", "\n")).digest("hex");
  return {
    number: Number(match[1]),
    name: match[2]!,
    path,
    kind: match[3] === "sql" ? "sql" : "ts",
    content,
    checksum,
  };
}

/** Said in a comment before the first statement. */
export function isOutsideTransaction({ content }: Pick<MigrationFile, "content">): boolean {
  const head = /^(?:\s*(?:--|\/\/)[^\n]*\n|\s+)*/.exec(content.replaceAll("\r\n", "\n"))?.[0] ?? "";
  return /^\s*(?:--|\/\/)\s*tenfold:\s*no transaction\s*$/im.test(head);
}
