import { messageOf, TenfoldError } from "../../kernel/index.ts";
import type { MigrationFile } from "./migration-file.ts";
import type { AppliedMigration } from "./plan-migrations.ts";

export const folderMissing = (folder: string): TenfoldError =>
  new TenfoldError("MIGRATIONS_FOLDER_MISSING", `there is no folder ${folder}`, {
    fix: "make it, with a first migration in it: 0001_begin.sql; or name another folder with --folder",
    facts: { folder },
  });

export const nameInvalid = (path: string): TenfoldError =>
  new TenfoldError("MIGRATION_NAME_INVALID", `${path} has no name of a migration`, {
    fix: "name it by a number and what it does: 0007_add_price.sql, or .ts; or move it elsewhere",
    facts: { path },
  });

export const numberTaken = (first: string, second: string): TenfoldError =>
  new TenfoldError("MIGRATION_NUMBER_TAKEN", `${first} and ${second} have the same number`, {
    fix: "give the one that has not run anywhere yet the next free number",
    facts: { first, second },
  });

export const edited = ({ path, number }: MigrationFile, { appliedAt }: AppliedMigration): TenfoldError =>
  new TenfoldError("MIGRATION_EDITED", `${path} was edited after it ran on ${appliedAt.toISOString()}`, {
    fix: "take the change back (git log has the file as it was), and make it with a new migration",
    facts: { path, number },
  });

export const missing = ({ number, name, appliedAt }: AppliedMigration): TenfoldError =>
  new TenfoldError(
    "MIGRATION_MISSING",
    `migration ${number} (${name}) ran on ${appliedAt.toISOString()}, and its file is gone`,
    {
      fix: "bring the file back; if this is another branch's database, use one of its own",
      facts: { number, name },
    },
  );

export const outOfOrder = ({ path }: MigrationFile, last: number): TenfoldError =>
  new TenfoldError("MIGRATION_OUT_OF_ORDER", `${path} has not run, and number ${last} has`, {
    fix: `give it a number above ${last}: others have run what is there without it`,
    facts: { path, last },
  });

export const noFunction = (path: string): TenfoldError =>
  new TenfoldError("MIGRATION_WITHOUT_FUNCTION", `${path} exports no function named up`, {
    fix: "export async function up(tx) { await tx.query(…) }",
    facts: { path },
  });

export const migrationFailed = ({ path }: MigrationFile, cause: unknown, isUndone: boolean): TenfoldError =>
  new TenfoldError("MIGRATION_FAILED", `${path}: ${messageOf(cause)}`, {
    fix: isUndone
      ? "mend it and run it again: nothing of it was kept"
      : "look what it has done (an index that was not finished is invalid: drop it), mend it, and run it again",
    facts: { path },
    cause,
  });

export const lockTimedOut = (waitedMs: number): TenfoldError =>
  new TenfoldError("MIGRATIONS_LOCKED", `another process has been migrating for ${Math.round(waitedMs / 1_000)} s`, {
    fix: "wait until it is done; if it hangs, end it: its lock goes with its connection",
    facts: { waitedMs },
  });
