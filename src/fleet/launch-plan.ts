import { basename } from "node:path";
import { type CommandService, searchPath } from "../config/index.ts";

/** What `spawn` is called with. */
export interface LaunchPlan {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface LaunchInput {
  readonly service: Pick<CommandService, "name" | "command" | "cwd" | "env" | "preload" | "drainMs">;
  /** `"api-1"`. */
  readonly instance: string;
  readonly port: number;
  readonly controlSocket: string;
  /** Path of the preload. */
  readonly preload: string;
  /** The program of the Node that runs this. */
  readonly node: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * How an instance is started.
 *
 * - A command that is `node`, exactly, runs on the Node that runs Tenfold: that one can run TypeScript, the one in `PATH` may be older.
 *   Any other spelling (`/usr/bin/node`) is taken as it is.
 * - The preload is an argument where the program is Node, so that nothing it starts inherits it. Where Node is further down
 *   (`npm run`, `tsx`, `next`) it travels in `NODE_OPTIONS`, which other programs ignore.
 * - It is required, not imported: with `--import` Node loads the app's main module in another way.
 * - `node_modules/.bin` of the folder and of those above it is searched first, as in an npm script.
 * - The preload's own graceful end may take as long as the service's drain.
 * - What Tenfold gives wins over the service's `env`, and that over the rest: an instance on another `PORT` would never be found.
 */
export function planLaunch(input: LaunchInput): LaunchPlan {
  const { service, environment } = input;
  const [program, ...args] = service.command as readonly [string, ...string[]];
  const env: Record<string, string> = {
    ...environment,
    ...service.env,
    PORT: String(input.port),
    HOST: "127.0.0.1",
    TENFOLD_SERVICE: service.name,
    TENFOLD_INSTANCE: input.instance,
    TENFOLD_CONTROL: input.controlSocket,
  };
  env["PATH"] = searchPath(service.cwd, env);
  const plan = { program: program === "node" ? input.node : program, cwd: service.cwd, env };
  if (!service.preload) return { ...plan, args };
  env["TENFOLD_DRAIN_MS"] = String(service.drainMs);
  if (isNode(program)) return { ...plan, args: [`--require=${input.preload}`, ...args] };
  const option = `--require="${input.preload.replaceAll(/["\\]/g, "\\$&")}"`;
  const given = env["NODE_OPTIONS"];
  env["NODE_OPTIONS"] = given === undefined || given === "" ? option : `${given} ${option}`;
  return { ...plan, args };
}

function isNode(program: string): boolean {
  return /^node(\.exe)?$/.test(basename(program));
}
