import { join } from "node:path";
import type { TestContext } from "node:test";
import { Gateway, type PeerPaths, type ServiceSnapshot, type Snapshot } from "../../src/gateway/index.ts";
import { HttpCache } from "../../src/httpcache/index.ts";
import { cleanUp } from "./cleanup.ts";
import { cacheRules, type Origin, RawClient, snapshotOf, upstream } from "./gateway-fixtures.ts";
import { temporaryDirectory } from "./temporary.ts";

/** Gateways that share what they cache, as the processes of one machine do. */
export interface Fellow {
  readonly gateway: Gateway;
  readonly port: number;
  /** Where the others ask it. */
  readonly path: string;
}

export async function startFellows(
  t: TestContext,
  origin: Origin,
  more: Partial<Snapshot["settings"]> = {},
  service: Partial<ServiceSnapshot> = {},
): Promise<Fellow[]> {
  const directory = temporaryDirectory(t);
  const paths = ["a", "b"].map((name) => join(directory, name));
  return [
    await startFellow(t, origin, { paths, self: 0 }, more, service),
    await startFellow(t, origin, { paths, self: 1 }, more, service),
  ];
}

/** In a place among others, where it may take that of one before it. */
export async function startFellow(
  t: TestContext,
  origin: Origin,
  peers: PeerPaths,
  more: Partial<Snapshot["settings"]> = {},
  service: Partial<ServiceSnapshot> = {},
): Promise<Fellow> {
  const gateway = new Gateway({ cache: new HttpCache(), peers });
  cleanUp(t, () => gateway.stop());
  await gateway.start(
    snapshotOf({
      upstreams: [upstream("api-1", origin.port)],
      service: { cache: cacheRules, ...service },
      settings: { cacheBytes: 16 * 1024 * 1024, ...more },
    }),
  );
  return { gateway, port: gateway.addresses()[0]!.port, path: peers.paths[peers.self]! };
}

export interface Answer {
  readonly head: string;
  readonly body: string;
}

export async function ask({ port }: Fellow, target: string, method = "GET", fields = ""): Promise<Answer> {
  await using client = new RawClient(port);
  const length = method === "GET" ? "" : "Content-Length: 0\r\n";
  client.send(`${method} ${target} HTTP/1.1\r\nHost: a.test\r\n${fields}${length}Connection: close\r\n\r\n`);
  const text = await client.untilClosed();
  const end = text.indexOf("\r\n\r\n");
  return { head: text.slice(0, end), body: text.slice(end + 4) };
}

/** Enough for each fellow to be the owner of some. */
export const targets = Array.from({ length: 12 }, (_, i) => `/thing/${i}`);
