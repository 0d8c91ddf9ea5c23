import type { Problem } from "../http/index.ts";
import type { Ruling } from "./limits-port.ts";
import { limitAway, limitExceeded } from "./problems.ts";

/** What a client is told that limits do not let pass; `undefined`: they do. */
export function refusalOf(ruling: Ruling | undefined): Problem | undefined {
  if (ruling === undefined || ruling.verdict === "admitted") return undefined;
  const { exceeded, retryAfterSeconds } = ruling;
  return ruling.verdict === "away" ? limitAway(retryAfterSeconds) : limitExceeded(exceeded, retryAfterSeconds);
}

/** What every answer says of limits: lines with their CRLF. */
export function limitLines(ruling: Ruling | undefined): string {
  if (ruling === undefined) return "";
  const fields = ruling.fields();
  let lines = "";
  for (let i = 0; i < fields.length; i += 2) lines += `${fields[i]!}: ${fields[i + 1]!}\r\n`;
  return lines;
}
