import { type Command, InvalidArgumentError } from "commander";
import { ControlClient } from "../../control/index.ts";
import { parseDuration } from "../../kernel/index.ts";
import { endLeftovers, isGoneWithin, type LedgerEntry, runningPlatform } from "../../platform/index.ts";
import { findProject, type Project, type ProjectOptions } from "../project.ts";
import { note, out, outJson } from "../terminal.ts";

interface StopOptions extends ProjectOptions {
  readonly timeout: number;
}

export function addStop(program: Command): void {
  program
    .command("stop")
    .summary("end everything, in order")
    .description(
      "Drains and ends gateways, instances and engines, also those that a killed platform left. Data stays. What has not ended after " +
        "--timeout is ended by force.",
    )
    .option("--timeout <duration>", 'how long to wait for an orderly end, such as "90s"', duration, 60_000)
    .addHelpText("after", "\nExamples:\n  tenfold stop\n  tenfold stop --timeout 5s")
    .action(async (options: StopOptions) => {
      const project = findProject(options);
      const platform = runningPlatform(project.directories);
      if (platform !== undefined) {
        if (options.json !== true) note(`Stopping (process ${platform.pid}) …`);
        await askToStop(project, platform.pid);
        if (!(await isGoneWithin(platform, options.timeout))) {
          process.kill(platform.pid, "SIGKILL");
          await isGoneWithin(platform, 5_000);
        }
      }
      const leftovers = await endLeftovers(project.root, project.directories);
      if (options.json === true) {
        outJson({ stopped: platform !== undefined, leftovers: leftovers.map(({ kind, name }) => ({ kind, name })) });
      } else {
        out(summary(platform !== undefined, leftovers));
      }
    });
}

/** By the control API, or by a signal when that does not answer. */
async function askToStop({ root, directories }: Project, pid: number): Promise<void> {
  try {
    await using client = ControlClient.find(root, directories.endpointFile);
    await client.requestStop();
  } catch {
    process.kill(pid, "SIGTERM");
  }
}

function summary(wasRunning: boolean, leftovers: readonly LedgerEntry[]): string {
  if (leftovers.length > 0) {
    return `Ended ${leftovers.length} processes that were left: ${leftovers.map(({ name }) => name).join(", ")}.`;
  }
  return wasRunning ? "Stopped." : "Nothing runs.";
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('expected a duration such as "90s"');
  return ms;
}
