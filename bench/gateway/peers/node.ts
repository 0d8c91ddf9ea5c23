import { once } from "node:events";
import { join } from "node:path";
import { endChild, freePort, spawnPinned } from "../../support/servers.ts";
import { proxyCore, type Upstream } from "../bench-site.ts";
import type { Answers, Ask, FromSubject, SubjectOptions } from "../subject/protocol.ts";
import type { Paths, RunningContender, Start } from "./peer.ts";

const subject = join(import.meta.dirname, "../subject/main.ts");

/** A Node process of ours that can be asked what only it knows. */
export interface RunningNode extends RunningContender {
  ask<K extends Ask>(what: K): Promise<Answers[K]>;
}

export interface NodeOptions extends Pick<SubjectOptions, "fastPath" | "pipelining" | "accessLog"> {
  readonly bySocket?: boolean;
}

/** A proxy in Node, as `subject/` has them. */
export function node(kind: SubjectOptions["kind"], options: NodeOptions = {}): Start {
  return async (upstream) => startNode(kind, upstream, options);
}

/** Several gateway processes on the same port and the same core: what sharing costs is in the CPU time of each request. */
export function nodes(count: number, kind: SubjectOptions["kind"]): Start {
  return async (upstream) => {
    const port = await freePort();
    const all = await Promise.all(
      Array.from({ length: count }, () => startNode(kind, upstream, { port, reusePort: true })),
    );
    return {
      port,
      pids: all.flatMap(({ pids }) => pids),
      paths: async () => sumOf(await Promise.all(all.map((each) => each.ask("figures").then(({ paths }) => paths)))),
      stop: async () => void (await Promise.all(all.map((each) => each.stop()))),
    };
  };
}

export async function startNode(
  kind: SubjectOptions["kind"],
  upstream: Upstream,
  { bySocket = false, ...options }: NodeOptions & Partial<SubjectOptions> = {},
): Promise<RunningNode> {
  const port = options.port ?? (await freePort());
  const given: SubjectOptions = {
    kind,
    ...options,
    port,
    upstreamPort: upstream.port,
    ...(bySocket ? { socketPath: upstream.socketPath } : {}),
  };
  // The room for short-lived objects is what gateway processes get; it does the others good too.
  const command = [process.execPath, "--max-semi-space-size=32", subject, JSON.stringify(given)];
  const child = spawnPinned(proxyCore, command, { ipc: true, env: { NODE_ENV: "production" } });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`${kind} ended with ${code}`);
  });
  ended.catch(() => undefined);
  const hear = async <T extends FromSubject["type"]>(type: T): Promise<Extract<FromSubject, { type: T }>> => {
    for (;;) {
      const [message] = (await Promise.race([once(child, "message"), ended])) as [FromSubject];
      if (message.type === type) return message as Extract<FromSubject, { type: T }>;
    }
  };
  const ask = async <K extends Ask>(what: K): Promise<Answers[K]> => {
    const answer = hear("answer");
    child.send({ ask: what });
    return (await answer).value as Answers[K];
  };
  await hear("listening");
  return {
    pids: [child.pid!],
    port,
    stop: () => endChild(child),
    ask,
    ...(kind === "tenfold" ? { paths: async () => (await ask("figures")).paths } : {}),
  };
}

function sumOf(all: readonly Paths[]): Paths {
  return all.reduce((a, b) => ({ fast: a.fast + b.fast, full: a.full + b.full }));
}
