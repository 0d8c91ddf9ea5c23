import { inspect } from "node:util";
import { isSecretPath, maskUrl } from "./secrets.ts";

const longest = 60;

/** A value as it would be written, short enough for a message, with secrets masked. */
export function foundText(value: unknown, path = ""): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (typeof value === "string") return isSecretPath(path) ? "(hidden)" : JSON.stringify(shorten(maskUrl(value)));
  if (typeof value === "object") return shorten(inspectPlain(value, path));
  return inspect(value);
}

function inspectPlain(value: object, path: string): string {
  if (Array.isArray(value)) return `[${value.map((each) => foundText(each, path)).join(", ")}]`;
  const entries = Object.entries(value).map(([key, each]) => `${key}: ${foundText(each, `${path}.${key}`)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function shorten(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
