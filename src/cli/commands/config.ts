import type { Command } from "commander";
import { explainConfig, formatExplained, loadConfig } from "../../config/index.ts";
import type { ProjectOptions } from "../project.ts";
import { out, outJson } from "../terminal.ts";

interface ConfigOptions extends ProjectOptions {
  readonly mode?: string;
}

export function addConfig(program: Command): void {
  program
    .command("config")
    .summary("print the config with every default, and where each value came from")
    .description(
      "Checks the config and prints every value with its origin. Secrets are masked. Exit code 2 when it is wrong.",
    )
    .option("--mode <name>", "reads .env.<name> too; default: NODE_ENV, else development")
    .addHelpText("after", "\nExamples:\n  tenfold config\n  tenfold config --mode production --json")
    .action(async (options: ConfigOptions) => {
      const loaded = await loadConfig({
        cwd: process.cwd(),
        ...(options.config === undefined ? {} : { file: options.config }),
        ...(options.mode === undefined ? {} : { mode: options.mode }),
      });
      const values = explainConfig(loaded);
      if (options.json === true) outJson(values);
      else out(formatExplained(values, { colour: process.stdout.isTTY }));
    });
}
