import { type Command, InvalidArgumentError } from "commander";
import { logLineText } from "../log-text.ts";
import { connect, type ProjectOptions } from "../project.ts";
import { out } from "../terminal.ts";

interface LogsOptions extends ProjectOptions {
  readonly lines: number;
  readonly follow?: boolean;
  readonly instance?: string;
}

export function addLogs(program: Command): void {
  program
    .command("logs")
    .summary("show what the instances print")
    .description("Shows the last lines of the running instances. Everything is also kept in .tenfold/logs.")
    .argument("[service]", "only this service; default: all")
    .option("-n, --lines <count>", "how many of the last lines of each instance", count, 100)
    .option("-f, --follow", "go on with new lines until Ctrl-C")
    .option("-i, --instance <id>", 'only this instance, such as "api-1"')
    .addHelpText("after", "\nExamples:\n  tenfold logs\n  tenfold logs api --follow\n  tenfold logs -i api-2 -n 500")
    .action(async (service: string | undefined, options: LogsOptions) => {
      await using client = connect(options);
      const query = {
        ...(service === undefined ? {} : { service }),
        ...(options.instance === undefined ? {} : { instance: options.instance }),
        lines: options.lines,
        follow: options.follow === true,
      };
      const show = options.json === true ? JSON.stringify : logLineText;
      if (!query.follow) {
        for (const line of await client.logs(query)) out(show(line));
        return;
      }
      const interrupted = new AbortController();
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupted.abort());
      for await (const line of client.followLogs(query, interrupted.signal)) out(show(line));
    });
}

function count(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 10_000) {
    throw new InvalidArgumentError("expected a whole number from 0 to 10000");
  }
  return Number(text);
}
