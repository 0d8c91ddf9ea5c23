import { join } from "node:path";
import type { Upstream } from "../../gateway/bench-site.ts";
import { freePort } from "../../support/servers.ts";
import { startSubject } from "../../support/subject.ts";
import type { RunningContender } from "../../support/throughput.ts";
import { type ServerName, servers } from "../contenders.ts";
import type { Answers, StartedServer } from "./protocol.ts";

const program = join(import.meta.dirname, "main.ts");

export async function startServer(name: ServerName, upstream: Upstream): Promise<RunningContender> {
  const started: StartedServer = { ...servers[name], port: await freePort(), upstreamPort: upstream.port };
  const running = await startSubject<Answers>(program, started);
  return started.kind === "gateway" ? { ...running, paths: async () => (await running.ask("figures")).paths } : running;
}
