import { messageOf, TenfoldError } from "../kernel/index.ts";

export const outsideTenfold = (): TenfoldError =>
  new TenfoldError("SDK_OUTSIDE_TENFOLD", "this process was not started by Tenfold: TENFOLD_API is not set", {
    fix: "start it with `tenfold up`; where it runs alone no gateway caches for it, so leave the purge out there",
  });

export const platformUnreachable = (path: string, cause: unknown): TenfoldError =>
  new TenfoldError("SDK_PLATFORM_UNREACHABLE", `the platform does not answer at ${path}: ${messageOf(cause)}`, {
    fix: "see whether it still runs (`tenfold status`), then try again: what was asked for may not have been done",
    facts: { path },
    cause,
  });

export const platformSilent = (waitedMs: number): TenfoldError =>
  new TenfoldError("SDK_PLATFORM_SILENT", `the platform gave no answer within ${waitedMs} ms`, {
    fix: "try again: what was asked for may not have been done; `tenfold status` shows what hangs",
    facts: { waitedMs },
  });
