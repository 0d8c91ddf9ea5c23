/** What is still to be done. Pure. */
import { edited, missing, outOfOrder } from "./errors.ts";
import type { MigrationFile } from "./migration-file.ts";

/** As the table has it. */
export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly appliedAt: Date;
  readonly tookMs: number;
  /** It was begun outside of a transaction, and is not known to have ended. */
  readonly isUnfinished: boolean;
}

/**
 * @returns those to run, in their order; first, again, one that was begun and not finished
 * @throws MIGRATION_EDITED, MIGRATION_MISSING, MIGRATION_OUT_OF_ORDER
 */
export function planMigrations(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): readonly MigrationFile[] {
  const done = new Map(applied.map((each) => [each.number, each]));
  for (const each of applied) {
    const file = files.find(({ number }) => number === each.number);
    if (file === undefined) throw missing(each);
    // One that did not end may be mended before it is tried again.
    if (file.checksum !== each.checksum && !each.isUnfinished) throw edited(file, each);
  }
  const last = Math.max(-1, ...applied.filter(({ isUnfinished }) => !isUnfinished).map(({ number }) => number));
  const pending = files.filter(({ number }) => done.get(number)?.isUnfinished !== false);
  const late = pending.find(({ number }) => number < last);
  if (late !== undefined) throw outOfOrder(late, last);
  return pending;
}
