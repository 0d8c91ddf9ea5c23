import type { Command } from "commander";
import { connect, type ProjectOptions } from "../project.ts";
import { statusText } from "../status-text.ts";
import { note, out, outJson } from "../terminal.ts";

export function addReload(program: Command): void {
  program
    .command("reload")
    .summary("read the config again and replace the instances, without a failed request")
    .description(
      "Reads the config again; a wrong one changes nothing. Then replaces instances step by step: a new one is ready before an old one " +
        "drains. When a new one does not become ready, the old ones stay.",
    )
    .argument("[service]", "only this service; default: all")
    .addHelpText("after", "\nExamples:\n  tenfold reload\n  tenfold reload api")
    .action(async (service: string | undefined, options: ProjectOptions) => {
      await using client = connect(options);
      if (options.json !== true) note(`Reloading ${service ?? "all services"} …`);
      const status = await client.reload(service);
      if (options.json === true) outJson(status);
      else out(statusText(status, Date.now()));
    });
}
