import type { IncomingMessage, ServerResponse } from "node:http";
import { fieldValue, type Problem, problemMessage } from "../http/index.ts";

/** @param more fields that belong to the problem: name, value, name, value */
export function sendProblem(
  req: IncomingMessage,
  res: ServerResponse,
  problem: Problem,
  more: readonly string[] = [],
): void {
  const { fields, body } = problemMessage(problem, fieldValue(req.rawHeaders, "x-request-id") ?? "");
  res.writeHead(problem.status, [...fields, ...more]).end(body);
}
