import { type Command, InvalidArgumentError } from "commander";
import { connect, type ProjectOptions } from "../project.ts";
import { statusText } from "../status-text.ts";
import { note, out, outJson } from "../terminal.ts";

export function addScale(program: Command): void {
  program
    .command("scale")
    .summary("change how many instances a service has")
    .description(
      "Starts or drains instances until the service has so many, and waits for it. Within services.<name>.scale.",
    )
    .argument("<service>", "name of the service")
    .argument("<instances>", "how many", count)
    .addHelpText("after", "\nExamples:\n  tenfold scale api 6\n  tenfold scale api 2 --json")
    .action(async (service: string, instances: number, options: ProjectOptions) => {
      await using client = connect(options);
      if (options.json !== true) note(`Scaling ${service} to ${instances} …`);
      const status = await client.scale(service, instances);
      if (options.json === true) outJson(status);
      else out(statusText(status, Date.now()));
    });
}

function count(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError("expected a whole number, 0 or more");
  return Number(text);
}
