import type { Command } from "commander";
import { connect, type ProjectOptions } from "../project.ts";
import { statusText } from "../status-text.ts";
import { out, outJson } from "../terminal.ts";

export function addStatus(program: Command): void {
  program
    .command("status")
    .summary("show what runs")
    .description(
      "Shows gateways, what they answer from the cache and refuse, services with their instances, and the database. Exit code 3 when nothing runs.",
    )
    .addHelpText("after", "\nExamples:\n  tenfold status\n  tenfold status --json")
    .action(async (options: ProjectOptions) => {
      await using client = connect(options);
      // A gateway that hangs says nothing of what it counts; what runs is shown all the same.
      const [status, cache, limits, overload] = await Promise.all([
        client.status(),
        client.cache().catch(() => null),
        client.limits().catch(() => null),
        client.overload().catch(() => null),
      ]);
      if (options.json === true) outJson({ ...status, cache, limits, overload });
      else out(statusText(status, Date.now(), { cache, limits, overload }));
    });
}
