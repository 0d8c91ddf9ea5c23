import type { Problem } from "../http/index.ts";

/** The answers that are no file. Codes are stable; nothing is said of what lies where. */
export const malformedPath: Problem = {
  status: 400,
  code: "STATIC_MALFORMED_PATH",
  detail: "The path is not one that a file could have.",
};
export const denied: Problem = { status: 403, code: "STATIC_DENIED", detail: "The file may not be read." };
export const noFile: Problem = { status: 404, code: "STATIC_NO_FILE", detail: "There is no file at this path." };
export const methodNotAllowed: Problem = {
  status: 405,
  code: "STATIC_METHOD_NOT_ALLOWED",
  detail: "Files can be read, by GET and HEAD, and nothing else.",
};
export const conditionFailed: Problem = {
  status: 412,
  code: "STATIC_CONDITION_FAILED",
  detail: "The file is not the one that the request was made for.",
};
export const rangeNotSatisfiable: Problem = {
  status: 416,
  code: "STATIC_RANGE_NOT_SATISFIABLE",
  detail: "The file has no bytes at the range.",
};
export const unreadable: Problem = {
  status: 500,
  code: "STATIC_UNREADABLE",
  detail: "The file could not be read.",
};
export const overloaded: Problem = {
  status: 503,
  code: "STATIC_OVERLOADED",
  detail: "Too many files are being sent, or this one is being written.",
};
