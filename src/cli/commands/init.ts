import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import { TenfoldError } from "../../kernel/index.ts";
import { detectProject } from "../init/detect-project.ts";
import { renderConfig } from "../init/render-config.ts";
import { invokedAs } from "../summary.ts";
import { out, outJson, paint } from "../terminal.ts";

interface InitOptions {
  readonly force?: boolean;
  readonly json?: boolean;
  readonly config?: string;
}

export function addInit(program: Command): void {
  program
    .command("init")
    .summary("write the smallest config that runs this project")
    .description(
      "Finds what the project is (Express, Fastify, Hono, Nest, …), how it starts and which port it uses, and writes tenfold.config.ts.",
    )
    .option("--force", "replace a config that is there")
    .addHelpText("after", "\nExamples:\n  tenfold init\n  tenfold init --force")
    .action(async (options: InitOptions) => {
      const directory = process.cwd();
      const file = resolve(options.config ?? join(directory, "tenfold.config.ts"));
      if (existsSync(file) && options.force !== true) throw configExists(file);
      const detected = await detectProject(directory);
      await writeFile(file, renderConfig(detected), { flag: options.force === true ? "w" : "wx" });
      if (options.json === true) {
        outJson({ file, detected });
        return;
      }
      out(`Found ${detected.summary}.`);
      const next = detected.start === undefined ? "" : ` ${paint("bold", `${invokedAs(process.env)} up`)} runs it.`;
      out(`Wrote ${basename(file)}.${next}`);
      for (const text of detected.notes) out(`${paint("yellow", "note")}: ${text}`);
    });
}

const configExists = (file: string): TenfoldError =>
  new TenfoldError("INIT_CONFIG_EXISTS", `${file} exists`, { fix: "replace it with `tenfold init --force`" });
