import { codeOf, messageOf, TenfoldError } from "../kernel/index.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { note, outJson, paint } from "./terminal.ts";

/** Says what went wrong and what to do about it; returns the exit code. Stack traces only with TENFOLD_DEBUG. */
export function reportError(error: unknown, asJson: boolean): number {
  const isOurs = error instanceof TenfoldError;
  if (asJson) {
    outJson({ error: isOurs ? error : { code: codeOf(error) ?? "INTERNAL", message: messageOf(error) } });
  } else {
    note(`${paint("red", "error", process.stderr)}: ${messageOf(error)}`);
    if (isOurs && error.fix !== undefined) note(`${paint("green", "fix", process.stderr)}: ${error.fix}`);
  }
  if (process.env["TENFOLD_DEBUG"] !== undefined || !(isOurs || codeOf(error) !== undefined)) {
    note(error instanceof Error ? (error.stack ?? "") : "");
  }
  return isOurs ? exitCodeOf(error.code) : exitCodes.failed;
}
