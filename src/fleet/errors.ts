import { messageOf, TenfoldError } from "../kernel/index.ts";

const shownLines = 15;

interface StartFailure {
  readonly service: string;
  readonly instance: string;
  readonly lastLines: readonly string[];
}

const withLines = (message: string, lines: readonly string[]): string =>
  lines.length === 0
    ? message
    : `${message}; the last lines of its log:\n${lines
        .slice(-shownLines)
        .map((line) => `  │ ${line}`)
        .join("\n")}`;

// --- An instance cannot be started -------------------------------------------------------------------------------

export const programNotFound = (service: string, program: string, cwd: string): TenfoldError =>
  new TenfoldError("FLEET_PROGRAM_NOT_FOUND", `the program \`${program}\` of service ${service} was not found`, {
    fix: `install it, or correct services.${service}.command; it is searched in PATH and node_modules/.bin, from ${cwd}`,
    facts: { service, program, cwd },
  });

export const programNotExecutable = (service: string, program: string): TenfoldError =>
  new TenfoldError(
    "FLEET_PROGRAM_NOT_EXECUTABLE",
    `the program \`${program}\` of service ${service} cannot be executed`,
    {
      fix: `make it executable (chmod +x), or name the program that runs it in services.${service}.command, such as "node ${program}"`,
      facts: { service, program },
    },
  );

export const directoryMissing = (service: string, cwd: string): TenfoldError =>
  new TenfoldError("FLEET_DIRECTORY_MISSING", `the folder ${cwd} of service ${service} does not exist`, {
    fix: `create it, or correct services.${service}.cwd`,
    facts: { service, cwd },
  });

export const spawnFailed = (service: string, program: string, cause: Error): TenfoldError =>
  new TenfoldError(
    "FLEET_SPAWN_FAILED",
    `\`${program}\` of service ${service} could not be started: ${cause.message}`,
    {
      fix: "see the reason given by the system; `tenfold doctor` shows its limits",
      facts: { service, program },
      cause,
    },
  );

export const logUnwritable = (path: string, cause: unknown): TenfoldError =>
  new TenfoldError("FLEET_LOG_UNWRITABLE", `the log ${path} cannot be written: ${messageOf(cause)}`, {
    fix: "give the folder to the user that runs Tenfold (chown -R), or free some space",
    facts: { path },
    cause,
  });

// --- An instance does not become ready, or does not stay ----------------------------------------------------------

export const crashLooped = (failure: StartFailure, crashes: number, how: string): TenfoldError =>
  new TenfoldError(
    "FLEET_CRASH_LOOP",
    withLines(`${failure.instance} crashed ${crashes} times in a row (${how}) and was given up`, failure.lastLines),
    {
      fix: `mend what its log says (a program must stay in the foreground), then run \`tenfold reload ${failure.service}\``,
      facts: { ...failure, crashes, how },
    },
  );

export const startTimedOut = (failure: StartFailure, afterMs: number, port: number, reason: string): TenfoldError =>
  new TenfoldError(
    "FLEET_START_TIMEOUT",
    withLines(
      `${failure.instance} was not ready after ${afterMs / 1000} s: 127.0.0.1:${port} says ${reason}`,
      failure.lastLines,
    ),
    {
      fix: `let it listen on process.env.PORT at 127.0.0.1 or all addresses and answer services.${failure.service}.health.path with 200, or raise startTimeout`,
      facts: { ...failure, afterMs, port, reason },
    },
  );

export const endedBeforeReady = (instance: string): TenfoldError =>
  new TenfoldError("FLEET_ENDED_BEFORE_READY", `${instance} was ended before it was ready`, {
    fix: "start it again",
    facts: { instance },
  });

// --- What was asked for is not possible -----------------------------------------------------------------------------

export const unknownService = (service: string, names: readonly string[], meant: string | undefined): TenfoldError =>
  new TenfoldError("FLEET_UNKNOWN_SERVICE", `there is no service "${service}"`, {
    fix: meant === undefined ? `choose one of ${names.join(", ")}` : `did you mean "${meant}"?`,
    facts: { service, names },
  });

export const notStartedHere = (service: string, kind: "urls" | "static" | "command"): TenfoldError =>
  new TenfoldError("FLEET_NOT_STARTED_HERE", `service ${service} has no instances of its own here: it has ${kind}`, {
    fix: `scale what runs elsewhere where it runs; files are served by the gateways, see gateway.processes`,
    facts: { service },
  });

export const scaleOutOfRange = (service: string, count: number, min: number, max: number): TenfoldError =>
  new TenfoldError("FLEET_SCALE_OUT_OF_RANGE", `service ${service} may have ${min} to ${max} instances, not ${count}`, {
    fix: `choose a number from ${min} to ${max}, or change services.${service}.scale`,
    facts: { service, count, min, max },
  });

export const tooManyOperations = (service: string, waiting: number): TenfoldError =>
  new TenfoldError("FLEET_BUSY", `${waiting} operations already wait for service ${service}`, {
    fix: "wait until they are done: see `tenfold status`",
    facts: { service, waiting },
  });

export const fleetStopping = (): TenfoldError =>
  new TenfoldError("FLEET_STOPPING", "the fleet is stopping", { fix: "start it again with `tenfold up`" });

export const fleetNotRunning = (): TenfoldError =>
  new TenfoldError("FLEET_NOT_RUNNING", "the fleet is not running", { fix: "start it with `tenfold up`" });

export const socketPathTooLong = (path: string, maxBytes: number): TenfoldError =>
  new TenfoldError(
    "FLEET_SOCKET_PATH_TOO_LONG",
    `the path of the control socket has more than ${maxBytes} bytes: ${path}`,
    {
      fix: "set TMPDIR to a folder with a shorter path",
      facts: { path, maxBytes },
    },
  );
