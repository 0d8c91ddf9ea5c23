import { TenfoldError } from "../kernel/index.ts";

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
  new TenfoldError("CONTROL_BAD_REQUEST", message, { fix: "see the API's reference" });
