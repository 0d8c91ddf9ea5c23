import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "../..");

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** A program of the example in a process of its own. */
export interface Program extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

export function run(program: "server" | "seed", env: Record<string, string>): Program {
  const { DATABASE_URL: _, JWT_SECRET: __, NODE_ENV: ___, ...inherited } = process.env;
  const child = spawn(process.execPath, [join(root, "src", `${program}.ts`)], {
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended: Promise<Ended> = once(child, "close").then(([code, signal]) => ({ code, signal, output }));
  return {
    process: child,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

export interface Server extends Program {
  readonly url: string;
}

/** Starts the server on a free port, and waits until it listens. */
export async function startServer(databaseUrl: string): Promise<Server> {
  const program = run("server", { DATABASE_URL: databaseUrl, PORT: "0", NODE_ENV: "test" });
  for await (const line of createInterface({ input: program.process.stdout! })) {
    const url = /Server listening at (http:[^"]+)/.exec(line)?.[1];
    if (url) return { ...program, url };
  }
  throw new Error(`the server ended before it listened: ${(await program.ended).output}`);
}
