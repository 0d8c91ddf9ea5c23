import { messageOf, TenfoldError } from "../kernel/index.ts";

export const alreadyRunning = (pid: number, root: string): TenfoldError =>
  new TenfoldError("PLATFORM_ALREADY_RUNNING", `Tenfold already runs for ${root} (process ${pid})`, {
    fix: "use `tenfold status`, or end it with `tenfold stop`",
    facts: { pid, root },
  });

export const stillEnding = (pid: number): TenfoldError =>
  new TenfoldError("PLATFORM_STILL_ENDING", `what an earlier run left is still being ended by process ${pid}`, {
    fix: "try again in a few seconds",
    facts: { pid },
  });

export const folderUnusable = (path: string, cause: unknown): TenfoldError =>
  new TenfoldError("PLATFORM_FOLDER_UNUSABLE", `Tenfold cannot keep its files in ${path}: ${messageOf(cause)}`, {
    fix: "give the folder to the user that runs Tenfold (chown -R), free some space, or remove what stands in its place",
    facts: { path },
    cause,
  });

export const unsafeSocketDirectory = (path: string): TenfoldError =>
  new TenfoldError("PLATFORM_UNSAFE_SOCKET_DIRECTORY", `${path} is not a folder that only you can use`, {
    fix: `remove ${path}, or set TMPDIR to a folder of your own`,
    facts: { path },
  });

export const setupFailed = (command: string, outcome: string): TenfoldError =>
  new TenfoldError("PLATFORM_SETUP_FAILED", `the setup command \`${command}\` ${outcome}`, {
    fix: "see its output above; nothing that depends on it was started",
    facts: { command, outcome },
  });

export const needsRestart = (paths: readonly string[]): TenfoldError =>
  new TenfoldError("PLATFORM_NEEDS_RESTART", `a reload cannot change ${paths.join(", ")}`, {
    fix: "end Tenfold with `tenfold stop` and start it again with `tenfold up`",
    facts: { paths },
  });

export const busy = (what: string): TenfoldError =>
  new TenfoldError("PLATFORM_BUSY", `${what} is under way`, { fix: "try again when it is done: `tenfold status`" });

export const notReady = (state: string): TenfoldError =>
  new TenfoldError("PLATFORM_NOT_READY", `the platform is ${state}`, {
    fix: state === "starting" ? "wait until `tenfold status` says ready" : "start it again with `tenfold up`",
    facts: { state },
  });

export const purgeInvalid = (found: string, fix: string): TenfoldError =>
  new TenfoldError("CACHE_PURGE_INVALID", `this cannot be purged: ${found}`, { fix, facts: { found } });

/** @param missing by name and process, those that did not confirm; `why` of the first */
export const purgeIncomplete = (
  missing: readonly string[],
  confirmed: readonly string[],
  why: unknown,
): TenfoldError => {
  const rest = confirmed.length === 0 ? "nobody else was asked" : `${confirmed.join(", ")} confirmed it`;
  return new TenfoldError(
    "CACHE_PURGE_INCOMPLETE",
    `${missing.join(", ")} did not confirm the purge and may still serve what was purged (${messageOf(why)}); ${rest}`,
    {
      fix: "purge again: a gateway that hangs is ended and replaced by itself, which `tenfold status` shows",
      facts: { missing, confirmed },
    },
  );
};

export const doesNotAnswer = (gateway: string): TenfoldError =>
  new TenfoldError("PLATFORM_GATEWAY_SILENT", `${gateway}, of an earlier platform, does not answer`, {
    fix: "wait until it has ended: `tenfold status`",
    facts: { gateway },
  });

export const limitChangeUnknown = (name: string, known: readonly string[], near: string | undefined): TenfoldError =>
  new TenfoldError("LIMIT_CHANGE_UNKNOWN", `there is no limit ${JSON.stringify(name.slice(0, 80))}`, {
    fix:
      near !== undefined
        ? `did you mean ${near}?`
        : known.length === 0
          ? "the config has none: say them at gateway.limits, or at the limits of a service"
          : `choose one of ${known.join(", ")}`,
    facts: { name, known },
  });

export const limitChangeAmbiguous = (tier: string, choices: readonly string[]): TenfoldError =>
  new TenfoldError("LIMIT_CHANGE_AMBIGUOUS", `several limits have the tier ${tier}: ${choices.join(", ")}`, {
    fix: `say which, as in ${choices[0]}`,
    facts: { tier, choices },
  });

export const limitChangeInvalid = (found: string, fix: string): TenfoldError =>
  new TenfoldError("LIMIT_CHANGE_INVALID", `this cannot be done to a limit: ${found}`, { fix, facts: { found } });

export const limitChangeIncomplete = (why: unknown): TenfoldError =>
  new TenfoldError("LIMIT_CHANGE_INCOMPLETE", `not every gateway goes by it yet: ${messageOf(why)}`, {
    fix: "it is kept, and a gateway that comes back has it; see `tenfold status`",
  });

export const limitChangeNotKept = (file: string, why: unknown): TenfoldError =>
  new TenfoldError("LIMIT_CHANGE_NOT_KEPT", `nothing was changed, as ${file} cannot be written: ${messageOf(why)}`, {
    fix: "see that its disk has room and that it may be written, then say it again",
    facts: { file },
  });

export const tooManyAdjustments = (most: number): TenfoldError =>
  new TenfoldError("LIMIT_CHANGE_FULL", `${most} adjustments of limits are kept already`, {
    fix: "take some back with `tenfold limits reset`",
    facts: { most },
  });
