import { dirname } from "node:path";
import { checkPorts, loadConfig, type LoadedConfig } from "../../config/index.ts";
import { ControlClient } from "../../control/index.ts";
import { checkDatabaseUrl, findBinaries } from "../../engines/index.ts";
import { messageOf, TenfoldError } from "../../kernel/index.ts";
import { type Directories, directoriesOf, livingProcesses, runningPlatform } from "../../platform/index.ts";
import { cacheFindings } from "./cache.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import { pathFindings } from "./gateway-paths.ts";

/** What concerns the project in a folder: its config, ports, database, and what an earlier run left. */
export async function checkProject(cwd: string, file: string | undefined): Promise<Finding[]> {
  let loaded: LoadedConfig;
  try {
    loaded = await loadConfig({ cwd, ...(file === undefined ? {} : { file }) });
  } catch (error) {
    return [fromError("config", error)];
  }
  return [ok("config", loaded.file), ...(await checkRun(loaded)), await checkDatabase(loaded)];
}

async function checkRun({ config, file }: LoadedConfig): Promise<Finding[]> {
  const directories = directoriesOf(dirname(file));
  const platform = runningPlatform(directories);
  if (platform !== undefined) {
    return [ok("platform", `runs as process ${platform.pid}`), ...(await checkGateways(dirname(file), directories))];
  }
  const left = livingProcesses(directories);
  const leftovers =
    left.length === 0
      ? ok("leftovers", "nothing of an earlier run is left")
      : warning(
          "leftovers",
          `of a killed platform: ${left.map(({ name }) => name).join(", ")}`,
          "`tenfold up` takes over, `tenfold stop` ends them",
        );
  const problems = await checkPorts(config, { exceptPids: left.map(({ identity }) => identity.pid) });
  if (problems.length > 0) {
    return [leftovers, ...problems.map(({ path, found, hint }) => problem(path, found, hint ?? "choose a free port"))];
  }
  return [leftovers, ok("ports", `gateway ${config.gateway.port}, control ${config.control.port} are free`)];
}

/** Asks the platform, whose config may be another than the file's by now. */
async function checkGateways(root: string, { endpointFile }: Directories): Promise<Finding[]> {
  try {
    await using client = ControlClient.find(root, endpointFile);
    const [figures, values, cache] = await Promise.all([client.gatewayFigures(), client.explain(), client.cache()]);
    const fastPath = values.find(({ path }) => path === "gateway.fastPath");
    const paths = Object.values(figures).map((each) => each.paths);
    return [...pathFindings(paths, fastPath?.value !== "false"), ...cacheFindings(cache)];
  } catch (error) {
    return [fromError("gateways", error)];
  }
}

async function checkDatabase({ config: { database } }: LoadedConfig): Promise<Finding> {
  try {
    switch (database.kind) {
      case "none":
        return ok("database", "none");
      case "external":
        return ok("database", `DATABASE_URL answers: Postgres ${(await checkDatabaseUrl(database.url)).version}`);
      case "embedded":
        return ok("database", `embedded Postgres ${(await findBinaries()).version}`);
    }
  } catch (error) {
    return fromError("database", error);
  }
}

function fromError(check: string, error: unknown): Finding {
  const fix = error instanceof TenfoldError ? error.fix : undefined;
  return problem(check, messageOf(error), fix ?? "see the message");
}
