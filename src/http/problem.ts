import { STATUS_CODES } from "node:http";

/** What a server says about an error of its own (RFC 9457). */
export interface Problem {
  readonly status: number;
  /** Stable, for machines. */
  readonly code: string;
  readonly detail: string;
}

/** The body of an `application/problem+json` answer. */
export function problemBody(problem: Problem, requestId: string): string {
  return `${JSON.stringify({
    type: "about:blank",
    title: STATUS_CODES[problem.status] ?? "Error",
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    requestId,
  })}\n`;
}

/** A whole answer as bytes, for a connection that has no response object (a parser error) and ends with it. */
export function problemAnswer(problem: Problem, requestId: string): string {
  const body = problemBody(problem, requestId);
  return (
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? "Error"}\r\n` +
    `Content-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
    `X-Request-Id: ${requestId}\r\nDate: ${new Date().toUTCString()}\r\nConnection: close\r\n\r\n${body}`
  );
}
