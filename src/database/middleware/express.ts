import type { Database } from "../database.ts";
import { RequestSessions, type SessionOptions } from "./session-options.ts";

/** What is asked of Express's request. */
export interface ExpressRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What is asked of its response, which is Node's. */
export interface ExpressResponse {
  appendHeader(name: string, value: string): unknown;
  readonly headersSent: boolean;
  writeHead: (...rest: never[]) => unknown;
}

/**
 * Each request is a session: it reads what it and its client's earlier requests have written.
 *
 * @example
 * ```ts
 * app.use(sessionExpress(db));
 * ```
 */
export function sessionExpress(
  db: Database,
  options: SessionOptions = {},
): (request: ExpressRequest, response: ExpressResponse, next: () => void) => void {
  const sessions = new RequestSessions(db, options);
  return (request, response, next) =>
    sessions.run(request.headers, () => {
      beforeHead(
        response,
        db.bind(() => addFields(response, sessions)),
      );
      next();
    });
}

function addFields(response: ExpressResponse, sessions: RequestSessions): void {
  if (response.headersSent) return;
  for (const [name, value] of Object.entries(sessions.fields())) response.appendHeader(name, value);
}

/** The last moment at which the answer's head can be changed. Node calls `writeHead` itself where nobody else does. */
function beforeHead(response: ExpressResponse, work: () => void): void {
  const writeHead = response.writeHead.bind(response) as (...rest: readonly unknown[]) => unknown;
  response.writeHead = (...rest: readonly unknown[]) => {
    response.writeHead = writeHead;
    work();
    return writeHead(...rest);
  };
}
