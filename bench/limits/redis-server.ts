import { once } from "node:events";
import { join } from "node:path";
import { createClient } from "@redis/client";
import { poll } from "../../src/kernel/index.ts";
import { endChild, spawnPinned } from "../support/servers.ts";
import { loadCore } from "../support/site.ts";

/** Commands that Redis has run. */
export interface Commands {
  /** Of clients: each is a way there and back, alone or with others. */
  readonly calls: number;
  /** With those that scripts run. */
  readonly all: number;
}

/** A Redis of this measurement alone, on the load's core. It persists nothing. */
export interface RedisServer extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  commands(): Promise<Commands>;
  /** Forgets all that was counted; scripts it keeps. */
  flush(): Promise<void>;
}

export async function startRedis(folder: string): Promise<RedisServer> {
  const socketPath = join(folder, "redis.sock");
  const words = ["--port", "0", "--unixsocket", socketPath, "--save", "", "--appendonly", "no", "--dir", folder];
  const child = spawnPinned(loadCore, ["redis-server", ...words]);
  const ended = once(child, "exit").then(() => {
    throw new Error("redis-server has ended");
  });
  ended.catch(() => undefined);
  const url = `unix://${socketPath}`;
  const deadline = { everyMs: 20, deadlineMs: 10_000, onTimeout: () => new Error("redis-server does not answer") };
  const client = await Promise.race([poll(() => connected(url), deadline), ended]);
  return {
    pid: child.pid!,
    url,
    commands: async () => readCommands(await client.info("commandstats")),
    flush: async () => void (await client.flushAll()),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await endChild(child);
    },
  };
}

async function connected(url: string) {
  const client = createClient({ url, socket: { reconnectStrategy: false } }).on("error", () => undefined);
  try {
    return await client.connect();
  } catch {
    return undefined;
  }
}

const ofScripts = /^(?:eval|evalsha|script\|load)$/;
/** What measuring itself asks for, and what opens a connection. */
const besides = /^(?:info|flushall|client\|\w+|hello|ping)$/;

/** Every limiter here asks by scripts alone: what else there is, scripts have run. */
export function readCommands(info: string): Commands {
  let [calls, all] = [0, 0];
  for (const [, name, count] of info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)) {
    if (besides.test(name!)) continue;
    all += Number(count);
    if (ofScripts.test(name!)) calls += Number(count);
  }
  return { calls, all };
}
