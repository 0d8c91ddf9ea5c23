import { codeOf, messageOf, TenfoldError } from "../kernel/index.ts";

export const portUnavailable = (host: string, port: number, cause: unknown): TenfoldError =>
  codeOf(cause) === "EADDRINUSE"
    ? new TenfoldError("GATEWAY_PORT_IN_USE", `port ${port} on ${host} is taken`, {
        fix: "stop what listens there, set gateway.port, or give --port 0 for any free port",
        facts: { host, port },
        cause,
      })
    : new TenfoldError("GATEWAY_LISTEN_FAILED", `cannot listen on ${host}:${port}: ${messageOf(cause)}`, {
        fix: "choose an address of this machine and a port that you may use (below 1024 needs privileges)",
        facts: { host, port },
        cause,
      });

export const originInvalid = (upstream: string, origin: string): TenfoldError =>
  new TenfoldError("GATEWAY_ORIGIN_INVALID", `upstream ${upstream} cannot be reached at ${JSON.stringify(origin)}`, {
    fix: "give its origin as http://host:port",
    facts: { upstream, origin },
  });

export const gatewayNotRunning = (): TenfoldError =>
  new TenfoldError("GATEWAY_NOT_RUNNING", "the gateway was not started, or has been stopped", {
    fix: "start it before it is given a snapshot",
  });

export const gatewayEnding = (): TenfoldError =>
  new TenfoldError("GATEWAY_ENDING", "the gateway process does not serve, or is ending", {
    fix: "start another one: it has given its ports up",
  });

export const successorFailed = (cause: unknown): TenfoldError =>
  new TenfoldError("GATEWAY_SUCCESSOR_FAILED", `the gateway process could not start a successor: ${messageOf(cause)}`, {
    fix: "start one that opens the ports anew",
    cause,
  });

export const gatewayProcessEnded = (exitCode: number | null, signal: string | null): TenfoldError => {
  // Who started it may be another process: then nobody here is told how it ended.
  const how = exitCode === null ? (signal ?? "for no known reason") : `exit code ${exitCode}`;
  return new TenfoldError("GATEWAY_PROCESS_ENDED", `the gateway process ended: ${how}`, {
    fix: "read the gateway's log for its last words",
    facts: { exitCode, signal },
  });
};

export const socketPathTooLong = (path: string, maxBytes: number): TenfoldError =>
  new TenfoldError(
    "GATEWAY_SOCKET_PATH_TOO_LONG",
    `the path of a gateway's control socket has more than ${maxBytes} bytes: ${path}`,
    {
      fix: "set TMPDIR to a folder with a shorter path",
      facts: { path, maxBytes },
    },
  );

export const gatewayUnresponsive = (waitedMs: number, what: string): TenfoldError =>
  new TenfoldError("GATEWAY_UNRESPONSIVE", `the gateway process did not ${what} within ${waitedMs} ms`, {
    fix: "look for a process that holds the CPU, then restart the gateway",
    facts: { waitedMs },
  });
