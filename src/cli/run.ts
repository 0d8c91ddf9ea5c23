import { CommanderError } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { reportError } from "./report-error.ts";

/** Runs the command that this process was started with, and sets its exit code. */
export async function run(): Promise<void> {
  endWithReader();
  try {
    await createProgram().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.invalid;
    else process.exitCode = reportError(error, process.argv.includes("--json"));
  }
}

/**
 * A reader that goes away early (`tenfold logs | head`) is no error. It is like a terminal that was closed: who has something to end
 * listens to SIGHUP, everyone else is done. What cannot be told to people, on standard error, is no reason to end.
 */
function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" && !process.emit("SIGHUP", "SIGHUP")) process.exit(exitCodes.ok);
  });
  process.stderr.on("error", () => {});
}
