import { type Command, InvalidArgumentError } from "commander";
import { type ConfigOverrides, loadConfig, type LoadedConfig, type LoadOptions } from "../../config/index.ts";
import { AppServer, ControlServer } from "../../control/index.ts";
import { runAll } from "../../kernel/index.ts";
import { Platform } from "../../platform/index.ts";
import { detach } from "../detach.ts";
import { exitCodes } from "../exit-codes.ts";
import { logLineText } from "../log-text.ts";
import { showEvent } from "../progress.ts";
import type { ProjectOptions } from "../project.ts";
import { upSummary } from "../summary.ts";
import { out, outJson } from "../terminal.ts";

export interface UpOptions extends ProjectOptions {
  readonly port?: number;
  readonly host?: string;
  readonly controlPort?: number;
  readonly mode?: string;
  readonly detach?: boolean;
  readonly logs: boolean;
}

export function addUp(program: Command): void {
  program
    .command("up")
    .summary("run the project behind the gateway")
    .description(
      "Starts what the config asks for: the database, the setup command, the services, the gateway. Shows what happens and what the " +
        "instances print, until Ctrl-C or `tenfold stop` ends everything in order.",
    )
    .option("-p, --port <port>", "the gateway's port; 0: any free one", port)
    .option("--host <address>", "the gateway's address; 0.0.0.0 serves the world")
    .option("--control-port <port>", "the control API's port; 0: any free one", port)
    .option("--mode <name>", "reads .env.<name> too; default: NODE_ENV, else development")
    .option("-d, --detach", "return when all is ready, and run on in the background")
    .option("--no-logs", "do not show what the instances print")
    .addHelpText(
      "after",
      "\nExamples:\n  tenfold up\n  tenfold up --port 0 --detach\n  tenfold up --mode production --host 0.0.0.0",
    )
    .action((options: UpOptions) => (options.detach === true ? detach(options) : up(options)));
}

async function up(options: UpOptions): Promise<void> {
  const started = performance.now();
  const load = (): Promise<LoadedConfig> => loadConfig(loadOptions(options));
  const loaded = await load();
  const ending = new AbortController();
  const platform = new Platform(loaded, { reload: load, requestStop: () => ending.abort() });
  platform.onEvent(options.json === true ? outJson : showEvent);
  endOnSignals(platform, ending);
  const control = new ControlServer(platform, {
    ...loaded.config.control,
    endpointFile: platform.directories.endpointFile,
  });
  const apps = new AppServer(platform, platform.directories.appSocket);
  try {
    await platform.claim(ending.signal);
    // From the first line on: what an instance prints while it starts says why it does not.
    if (options.logs && options.json !== true) platform.onLog({}, (line) => out(logLineText(line)));
    await control.start();
    await apps.start();
    await platform.start(ending.signal);
    const status = await platform.status();
    if (options.json === true) outJson({ type: "up", url: status.url, control: control.url, pid: process.pid });
    else out(upSummary(status, control.url, performance.now() - started));
    await aborted(ending.signal);
  } catch (error) {
    if (ending.signal.aborted) process.exitCode = exitCodes.interrupted;
    else throw error;
  } finally {
    await runAll([() => platform.stop(), () => apps.stop(), () => control.stop(), () => platform.release()]);
  }
}

/** The first signal ends everything in order; a second Ctrl-C, from someone who cannot wait, at once. */
function endOnSignals(platform: Platform, ending: AbortController): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted && signal === "SIGINT") {
        platform.abandon();
        process.exit(exitCodes.interrupted);
      }
      ending.abort();
    });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function loadOptions(options: UpOptions): LoadOptions {
  const overrides: ConfigOverrides = {
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.controlPort === undefined ? {} : { controlPort: options.controlPort }),
  };
  return {
    cwd: process.cwd(),
    overrides,
    ...(options.config === undefined ? {} : { file: options.config }),
    ...(options.mode === undefined ? {} : { mode: options.mode }),
  };
}

function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError("expected a port, 0 to 65535");
  return Number(text);
}
