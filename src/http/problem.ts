import { STATUS_CODES } from "node:http";

/** What a server says about an error of its own (RFC 9457). */
export interface Problem {
  readonly status: number;
  /** Stable, for machines. */
  readonly code: string;
  readonly detail: string;
}

function problemBody(problem: Problem, requestId: string): string {
  return `${JSON.stringify({
    type: "about:blank",
    title: STATUS_CODES[problem.status] ?? "Error",
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    requestId,
  })}\n`;
}

/** The answer that says it, in the parts that a response object takes. */
export function problemMessage(problem: Problem, requestId: string): { fields: string[]; body: Buffer } {
  const body = Buffer.from(problemBody(problem, requestId));
  const fields = ["Content-Type", "application/problem+json", "Content-Length", String(body.length)];
  fields.push("X-Request-Id", requestId, "Cache-Control", "no-store");
  // Nobody can say how long it will take; a second keeps clients from asking in a loop.
  if (problem.status === 503) fields.push("Retry-After", "1");
  return { fields, body };
}

/** The answer as bytes, for a connection that has no response object (a parser error) and ends with it. */
export function problemAnswer(problem: Problem, requestId: string): string {
  const { fields, body } = problemMessage(problem, requestId);
  let text = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? "Error"}\r\n`;
  for (let i = 0; i < fields.length; i += 2) text += `${fields[i]}: ${fields[i + 1]}\r\n`;
  return `${text}Date: ${new Date().toUTCString()}\r\nConnection: close\r\n\r\n${body.toString("latin1")}`;
}
