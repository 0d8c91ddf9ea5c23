import { join } from "node:path";
import { freePort } from "../../support/servers.ts";
import { type RunningSubject, startSubject } from "../../support/subject.ts";
import type { Paths } from "../../support/throughput.ts";
import type { Upstream } from "../bench-site.ts";
import type { Answers, SubjectOptions } from "../subject/protocol.ts";
import type { Start } from "./peer.ts";

const subject = join(import.meta.dirname, "../subject/main.ts");

export type RunningNode = RunningSubject<Answers>;

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
  const running = await startSubject<Answers>(subject, given);
  return kind === "tenfold" ? { ...running, paths: async () => (await running.ask("figures")).paths } : running;
}

export function sumOf(all: readonly Paths[]): Paths {
  return all.reduce((a, b) => ({ fast: a.fast + b.fast, full: a.full + b.full }));
}
