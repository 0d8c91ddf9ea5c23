import { join } from "node:path";
import { freePort } from "../../support/servers.ts";
import { type RunningSubject, startSubject } from "../../support/subject.ts";
import type { Caching, RunningCache, Start } from "../cache-site.ts";
import type { Answers, SubjectOptions } from "../subject/protocol.ts";

const program = join(import.meta.dirname, "../subject/main.ts");

export type NodeOptions = Partial<Omit<SubjectOptions, "port" | "upstreamPort">>;
export type RunningNodeCache = RunningCache & RunningSubject<Answers>;

/** A cache in Node, as `subject/` has them. */
export function node(kind: SubjectOptions["kind"], options: NodeOptions = {}): Start {
  return (caching) => startNode({ kind, ...options }, caching);
}

export async function startNode(
  options: NodeOptions & Pick<SubjectOptions, "kind">,
  { port: upstreamPort, cacheBytes }: Caching,
  nodeOptions: readonly string[] = [],
): Promise<RunningNodeCache> {
  const given: SubjectOptions = {
    ...(cacheBytes === undefined ? {} : { cacheBytes }),
    ...options,
    port: await freePort(),
    upstreamPort,
  };
  const running = await startSubject<Answers>(program, given, { nodeOptions });
  if (options.kind !== "tenfold") return { ...running, hasOneAnswer: options.kind === "canned" };
  return {
    ...running,
    paths: async () => (await running.ask("figures")).paths,
    heldBytes: async () => (await running.ask("held")).bytes,
  };
}
