import { STATUS_CODES } from "node:http";
import { type Problem, httpDate, problemMessage } from "../../http/index.ts";

/** The head of an answer as text, with the empty line. @param fields name, value, name, value */
export function headText(status: number, reason: string, fields: readonly string[]): string {
  let text = `HTTP/1.1 ${status} ${reason}\r\n`;
  for (let i = 0; i < fields.length; i += 2) text += `${fields[i]!}: ${fields[i + 1]!}\r\n`;
  return `${text}\r\n`;
}

/** An answer in the gateway's own name. @param lines what else its head says, each with its CRLF */
export function problemText(
  problem: Problem,
  requestId: string,
  lines: string,
): {
  readonly head: string;
  readonly body: string;
} {
  const { fields, body } = problemMessage(problem, requestId);
  fields.push("Date", httpDate());
  const head = headText(problem.status, STATUS_CODES[problem.status] ?? "Error", fields).slice(0, -2);
  return { head: `${head}${lines}\r\n`, body: body.toString("latin1") };
}
