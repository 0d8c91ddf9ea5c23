import type { Server, ServerResponse } from "node:http";

/** The platform kills at the end of its own drain. This bound is for an app that is ended by others. */
const defaultDrainMs = 30_000;
const pollMs = 100;

/**
 * Lets a server answer what it has begun before SIGTERM ends the process, if the app has no listener for SIGTERM of its own.
 *
 * Having a listener can be noticed: `signal-exit` ends the process only if no listener but its own is there. So ours goes first and takes
 * itself out before the next one is called. Whoever else listens finds what it would find without us, and we do nothing. If nobody
 * does, the server closes, and the signal is raised again with no listener left: the exit status is that of an unhandled SIGTERM.
 *
 * @returns takes the listener out
 */
export function endGracefully(server: Server): () => void {
  const onSignal = (): void => {
    process.removeListener("SIGTERM", onSignal);
    if (process.listenerCount("SIGTERM") === 0) drain(server);
  };
  process.prependListener("SIGTERM", onSignal);
  return () => process.removeListener("SIGTERM", onSignal);
}

function drain(server: Server): void {
  // Sent to the whole process group and passed on by npm, the signal comes twice: the second one must not end it.
  const ignore = (): void => {};
  process.on("SIGTERM", ignore);
  const end = (): void => {
    process.removeListener("SIGTERM", ignore);
    process.kill(process.pid, "SIGTERM");
  };
  const drainMs = Number(process.env["TENFOLD_DRAIN_MS"]);
  setTimeout(end, drainMs > 0 ? drainMs : defaultDrainMs);
  server.once("close", end);
  server.prependListener("request", (_request: unknown, response: ServerResponse) => closeAfter(response));
  for (const response of responsesOf(server)) closeAfter(response);
  server.close();
  // An answer whose head was sent before has promised to keep the connection.
  setInterval(() => server.closeIdleConnections(), pollMs).unref();
}

/** The answer says `Connection: close`, unless the app itself has said something. */
function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.shouldKeepAlive = false;
}

/** What is being answered now. Node keeps that to itself; where it is not found, connections are closed once they are idle. */
function responsesOf(server: Server): ServerResponse[] {
  const symbol = Object.getOwnPropertySymbols(server).find(
    ({ description }) => description === "http.server.connections",
  );
  if (symbol === undefined) return [];
  const list = (
    server as unknown as Record<symbol, { all?: () => { socket?: { _httpMessage?: ServerResponse } | null }[] }>
  )[symbol];
  const parsers = list?.all?.() ?? [];
  return parsers.flatMap(({ socket }) => socket?._httpMessage ?? []);
}
