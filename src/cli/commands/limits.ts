import type { Command } from "commander";
import type { AdjustmentRequest, KeptAdjustment, ResetRequest } from "../../platform/index.ts";
import { adjustmentText, limitsText, resetText } from "../limits-text.ts";
import { connect, type ProjectOptions } from "../project.ts";
import { out, outJson } from "../terminal.ts";

type Times = Pick<AdjustmentRequest, "from" | "until" | "for" | "event">;

export function addLimits(program: Command): void {
  const limits = program
    .command("limits")
    .summary("show limits, and change them while everything runs")
    .description(
      "Shows every limit with its rates, what of them holds now and until when, and what all gateways have counted since they started.",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  tenfold limits\n  tenfold limits set partner 500/minute --for 2h\n  tenfold limits reset --all",
    )
    .action(async (options: ProjectOptions) => {
      await using client = connect(options);
      const report = await client.limits();
      if (options.json === true) outJson(report);
      else out(limitsText(report, Date.now()));
    });
  addSet(limits);
  addReset(limits);
}

function addSet(limits: Command): void {
  limits
    .command("set")
    .summary("give a limit another rate, for some time or until it is taken back")
    .description(
      "Gives a limit, or one of its tiers, another rate, and returns when every gateway goes by it: counts stay as they are. It survives restarts. " +
        "Exit code 5 when not every gateway goes by it yet.",
    )
    .argument("<limit>", '"<limit>", "<limit>/<tier>", or a tier that only one limit has')
    .argument("<rate>", '"500/minute", "20/second burst 40", or "unlimited"')
    .option("--for <duration>", 'for so long, such as "2h"; default: until it is taken back')
    .option("--from <time>", 'not before, such as "2026-11-27T00:00:00Z"; default: at once')
    .option("--until <time>", "not after")
    .option("--event <name>", "what it is for; it can be taken back by this name")
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      "after",
      "\nExamples:\n  tenfold limits set partner 500/minute --for 2h\n  tenfold limits set anonymous/partner unlimited\n" +
        "  tenfold limits set anonymous 1000/minute --event sale --from 2026-11-27T00:00:00Z --until 2026-11-28T00:00:00Z",
    )
    .action(async (limit: string, rate: string, times: Times, command: Command) => {
      const options = command.optsWithGlobals<ProjectOptions & Times>();
      await using client = connect(options);
      const adjustment = await client.adjustLimit({ limit, rate, ...given(times, ["from", "until", "for", "event"]) });
      if (options.json === true) outJson(adjustment);
      else out(adjustmentText(adjustment, Date.now()));
    });
}

function addReset(limits: Command): void {
  limits
    .command("reset")
    .summary("take back what was set")
    .description(
      "Takes back what was set at runtime of a limit or a tier, for an event, or everything; what the config says holds again.",
    )
    .argument("[limit]", '"<limit>", "<limit>/<tier>", or a tier that only one limit has')
    .option("--event <name>", "what was set for this event")
    .option("--all", "everything")
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      "after",
      "\nExamples:\n  tenfold limits reset anonymous/partner\n  tenfold limits reset --event sale\n  tenfold limits reset --all",
    )
    .action(async (limit: string | undefined, selection: Omit<ResetRequest, "limit">, command: Command) => {
      const options = command.optsWithGlobals<ProjectOptions>();
      await using client = connect(options);
      const request = { ...(limit === undefined ? {} : { limit }), ...given(selection, ["event", "all"]) };
      const removed: readonly KeptAdjustment[] = await client.resetLimits(request);
      if (options.json === true) outJson({ removed });
      else out(resetText(removed));
    });
}

function given<T extends object, K extends keyof T>(options: T, names: readonly K[]): Partial<Pick<T, K>> {
  const entries = names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(entries) as Partial<Pick<T, K>>;
}
