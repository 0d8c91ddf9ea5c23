import { STATUS_CODES } from "node:http";

/** What a server says about an error of its own (RFC 9457). */
export interface Problem {
  readonly status: number;
  /** Stable, for machines. */
  readonly code: string;
  readonly detail: string;
  /** A URI that stands for its kind, where there is one (RFC 9457 §3.1.1). */
  readonly type?: string;
  /** When it is worth asking again. Default, of 503: 1, which keeps clients from asking in a loop. */
  readonly retryAfterSeconds?: number;
  /** What its type adds. */
  readonly members?: Readonly<Record<string, unknown>>;
}

function problemBody(problem: Problem, requestId: string): string {
  return `${JSON.stringify({
    type: problem.type ?? "about:blank",
    title: STATUS_CODES[problem.status] ?? "Error",
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    requestId,
    ...problem.members,
  })}\n`;
}

/** The answer that says it, in the parts that a response object takes. */
export function problemMessage(problem: Problem, requestId: string): { fields: string[]; body: Buffer } {
  const body = Buffer.from(problemBody(problem, requestId));
  const fields = ["Content-Type", "application/problem+json", "Content-Length", String(body.length)];
  fields.push("X-Request-Id", requestId, "Cache-Control", "no-store");
  const retryAfter = problem.retryAfterSeconds ?? (problem.status === 503 ? 1 : undefined);
  if (retryAfter !== undefined) fields.push("Retry-After", String(retryAfter));
  return { fields, body };
}

/** The answer as bytes, for a connection that has no response object (a parser error) and ends with it. */
export function problemAnswer(problem: Problem, requestId: string): string {
  const { fields, body } = problemMessage(problem, requestId);
  let text = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? "Error"}\r\n`;
  for (let i = 0; i < fields.length; i += 2) text += `${fields[i]}: ${fields[i + 1]}\r\n`;
  return `${text}Date: ${new Date().toUTCString()}\r\nConnection: close\r\n\r\n${body.toString("latin1")}`;
}
