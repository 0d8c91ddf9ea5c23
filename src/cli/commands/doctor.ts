import type { Command } from "commander";
import type { Finding } from "../doctor/finding.ts";
import { checkBacklog, checkCores, checkDisk, checkNode, checkOpenFiles, checkSharedPorts } from "../doctor/machine.ts";
import { checkProject } from "../doctor/project.ts";
import { exitCodes } from "../exit-codes.ts";
import type { ProjectOptions } from "../project.ts";
import { out, outJson, paint } from "../terminal.ts";

const marks = { ok: ["green", "✓"], warning: ["yellow", "!"], problem: ["red", "✗"] } as const;

export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .summary("check the machine and the project, and say what to fix")
    .description(
      "Checks Node, limits, disk, ports, the config, the database and what an earlier run left; while the project runs, also which of the " +
        "gateway's two paths serves its requests, and why, and what is most worth caching next. Changes nothing. Exit code 4 when there is a problem.",
    )
    .addHelpText("after", "\nExamples:\n  tenfold doctor\n  tenfold doctor --json")
    .action(async (options: ProjectOptions) => {
      const findings: Finding[] = [
        checkNode(),
        checkCores(),
        checkOpenFiles(),
        checkBacklog(),
        await checkDisk(process.cwd()),
        await checkSharedPorts(),
        ...(await checkProject(process.cwd(), options.config)),
      ];
      if (options.json === true) outJson(findings);
      else for (const finding of findings) out(findingText(finding));
      if (findings.some(({ verdict }) => verdict === "problem")) process.exitCode = exitCodes.unhealthy;
    });
}

function findingText({ check, verdict, found, fix }: Finding): string {
  const [colour, mark] = marks[verdict];
  const line = `${paint(colour, mark)} ${check}: ${found}`;
  return fix === undefined ? line : `${line}\n  ${paint("green", "fix")}: ${fix}`;
}
