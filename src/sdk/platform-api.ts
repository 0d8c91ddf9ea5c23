import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { type ErrorDetails, TenfoldError } from "../kernel/index.ts";
import { outsideTenfold, platformSilent, platformUnreachable } from "./errors.ts";

export interface AskOptions {
  readonly signal?: AbortSignal;
  readonly deadlineMs: number;
}

/** Asks the platform that runs this process, by the unix socket that it has given to it. */
export async function post(path: string, body: object, { signal, deadlineMs }: AskOptions): Promise<unknown> {
  const socketPath = process.env["TENFOLD_API"];
  if (socketPath === undefined || socketPath === "") throw outsideTenfold();
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const { status, answer } = await send(
      socketPath,
      path,
      body,
      AbortSignal.any(signal ? [signal, deadline] : [deadline]),
    );
    if (status < 400) return answer;
    const { error } = answer as { error: { code: string; message: string } & ErrorDetails };
    throw new TenfoldError(error.code, error.message, error);
  } catch (error) {
    if (error instanceof TenfoldError) throw error;
    signal?.throwIfAborted();
    throw deadline.aborted ? platformSilent(deadlineMs) : platformUnreachable(socketPath, error);
  }
}

/** By a connection of its own: one that was kept might be to a platform that has ended since. */
async function send(
  socketPath: string,
  path: string,
  body: object,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly answer: unknown }> {
  const headers = { host: "tenfold", "content-type": "application/json" };
  const asked = request({ socketPath, path, method: "POST", headers, signal, agent: false });
  const answered = once(asked, "response") as Promise<[IncomingMessage]>;
  asked.end(JSON.stringify(body));
  const [response] = await answered;
  return { status: response.statusCode!, answer: JSON.parse(await text(response)) as unknown };
}
