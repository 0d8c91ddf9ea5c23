import type { Command } from "commander";
import { connect, type ProjectOptions } from "../project.ts";
import { statusText } from "../status-text.ts";
import { out, outJson } from "../terminal.ts";

export function addStatus(program: Command): void {
  program
    .command("status")
    .summary("show what runs")
    .description(
      "Shows gateways, what they answer from the cache, services with their instances, and the database. Exit code 3 when nothing runs.",
    )
    .addHelpText("after", "\nExamples:\n  tenfold status\n  tenfold status --json")
    .action(async (options: ProjectOptions) => {
      await using client = connect(options);
      // A gateway that hangs says nothing of its cache; what runs is shown all the same.
      const [status, cache] = await Promise.all([client.status(), client.cache().catch(() => null)]);
      if (options.json === true) outJson({ ...status, cache });
      else out(statusText(status, Date.now(), cache));
    });
}
