import type { Command } from "commander";
import { type PurgeReport, type PurgeRequest, toPurgeOrders } from "../../platform/index.ts";
import { connect, type ProjectOptions } from "../project.ts";
import { out, outJson } from "../terminal.ts";

interface PurgeOptions extends ProjectOptions {
  readonly prefix?: boolean;
  readonly tag?: readonly string[];
  readonly all?: boolean;
  readonly soft?: boolean;
}

export function addPurge(program: Command): void {
  program
    .command("purge")
    .summary("remove answers from the HTTP cache of every gateway")
    .description(
      "Removes answers from the HTTP cache by URL, prefix, tag, or all of them, and returns when every gateway has confirmed it. A path alone is " +
        "meant on every host. Exit code 5 when a gateway did not confirm: it may still serve what was purged.",
    )
    .argument("[url|path...]", 'such as "https://shop.example/articles?page=2", or "/articles" on every host')
    .option("--prefix", "everything that begins with these URLs or paths")
    .option("--tag <tag>", "what has this Cache-Tag or Surrogate-Key; may be given again", collect)
    .option("--all", "everything; alone")
    .option("--soft", "keep it as stale: it may be served while a new one is fetched, or while the origin fails")
    .addHelpText(
      "after",
      "\nExamples:\n  tenfold purge /articles /articles/5\n  tenfold purge --prefix https://shop.example/articles/\n" +
        "  tenfold purge --tag article:5 --tag authors --soft\n  tenfold purge --all",
    )
    .action(async (targets: readonly string[], options: PurgeOptions) => {
      const request = toRequest(targets, options);
      toPurgeOrders(request); // What is wrong is said whether the project runs or not.
      await using client = connect(options);
      const report = await client.purge(request);
      if (options.json === true) outJson(report);
      else out(reportText(report, options.soft === true));
    });
}

function toRequest(targets: readonly string[], { prefix, tag, all, soft }: PurgeOptions): PurgeRequest {
  return {
    ...(targets.length === 0 ? {} : { [prefix === true ? "prefixes" : "urls"]: targets }),
    ...(tag === undefined ? {} : { tags: tag }),
    ...(all === true ? { all } : {}),
    ...(soft === true ? { soft } : {}),
  };
}

function reportText({ answers, gateways, tookMs }: PurgeReport, isSoft: boolean): string {
  const what = answers === undefined ? "" : ` ${answers} ${answers === 1 ? "answer" : "answers"}`;
  const done = isSoft ? `Purged${what} softly` : `Purged${what}`;
  return `${done}: ${gateways.join(", ") || "no gateway, since none runs,"} confirmed it within ${tookMs} ms.`;
}

function collect(tag: string, before: readonly string[] = []): readonly string[] {
  return [...before, tag];
}
