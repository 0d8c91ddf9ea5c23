import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addConfig } from "./commands/config.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addInit } from "./commands/init.ts";
import { addLimits } from "./commands/limits.ts";
import { addLogs } from "./commands/logs.ts";
import { addPurge } from "./commands/purge.ts";
import { addReload } from "./commands/reload.ts";
import { addScale } from "./commands/scale.ts";
import { addStatus } from "./commands/status.ts";
import { addStop } from "./commands/stop.ts";
import { addUp } from "./commands/up.ts";

const commands = [
  addInit,
  addUp,
  addStatus,
  addLogs,
  addScale,
  addReload,
  addPurge,
  addLimits,
  addStop,
  addConfig,
  addDoctor,
];

/** The command line: every command with its options; nothing is done until it is parsed. */
export function createProgram(): Command {
  const program = new Command("tenfold")
    .description("The scaling layer for TypeScript backends: one typed file and one command.")
    .version(readVersion(), "-V, --version", "print the version")
    .showHelpAfterError("(tenfold --help lists the commands)")
    .exitOverride();
  for (const add of commands) add(program);
  for (const command of program.commands) {
    command
      .option("--config <path>", "the config file, or its folder; default: the nearest above")
      .option("--json", "print JSON, for programs");
  }
  return program;
}

function readVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
