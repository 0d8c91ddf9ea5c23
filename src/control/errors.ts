import { formatBytes, TenfoldError } from "../kernel/index.ts";

export const notRunning = (root: string): TenfoldError =>
  new TenfoldError("CONTROL_NOT_RUNNING", `Tenfold does not run for ${root}`, {
    fix: "start it with `tenfold up`",
    facts: { root },
  });

export const unreachable = (url: string, reason: string): TenfoldError =>
  new TenfoldError("CONTROL_UNREACHABLE", `the control API at ${url} does not answer: ${reason}`, {
    fix: "see whether the platform still runs (`tenfold status`); `tenfold stop` ends what is left of it",
    facts: { url, reason },
  });

export const portTaken = (host: string, port: number): TenfoldError =>
  new TenfoldError("CONTROL_PORT_TAKEN", `the control port ${host}:${port} is taken`, {
    fix: "choose another with `--control-port`, or 0 for any free one",
    facts: { host, port },
  });

export const badRequest = (message: string): TenfoldError =>
  new TenfoldError("CONTROL_BAD_REQUEST", message, { fix: "see its paths with GET /, and `tenfold --help`" });

export const bodyTooLarge = (maxBytes: number): TenfoldError =>
  new TenfoldError("CONTROL_BODY_TOO_LARGE", `the body has more than ${formatBytes(maxBytes)}`, {
    fix: "send less at once: of a purge, some of its URLs",
    facts: { maxBytes },
  });

export const nothingThere = (method: string, path: string): TenfoldError =>
  new TenfoldError("CONTROL_NOT_FOUND", `the control API has no ${method} ${path}`, {
    fix: "see its paths with GET /",
  });

export const socketPathTooLong = (path: string, maxBytes: number): TenfoldError =>
  new TenfoldError(
    "CONTROL_SOCKET_PATH_TOO_LONG",
    `the path of the socket for apps has more than ${maxBytes} bytes: ${path}`,
    {
      fix: "set TMPDIR to a folder with a shorter path",
      facts: { path, maxBytes },
    },
  );
