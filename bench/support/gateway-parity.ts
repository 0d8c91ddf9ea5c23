import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What must be the same whoever is in between. */
interface Seen {
  readonly method: string;
  readonly url: string;
  readonly host: string | undefined;
  readonly custom: string | undefined;
  readonly body: string;
}

export interface Recorder extends AsyncDisposable {
  readonly port: number;
}

/** An origin that answers with what it saw. */
export async function startRecorder(socketPath?: string): Promise<Recorder> {
  const answer = async (req: IncomingMessage): Promise<string> => {
    const { method, url, headers } = req;
    return JSON.stringify({ method, url, host: headers.host, custom: headers["x-custom"], body: await textOf(req) });
  };
  const create = () => createServer((req, res) => void answer(req).then((text) => res.end(text)));
  const servers = [create().listen(0, "127.0.0.1"), ...(socketPath === undefined ? [] : [create().listen(socketPath)])];
  await Promise.all(servers.map((server) => once(server, "listening")));
  return {
    port: (servers[0]!.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

/** @throws when the proxy on this port does not pass on what it is given */
export async function assertParity(name: string, port: number): Promise<void> {
  for (const [method, body] of [
    ["GET", ""],
    ["POST", "x".repeat(1_000)],
  ] as const) {
    const headers = {
      host: "bench.test",
      "x-custom": "kept",
      ...(body === "" ? {} : { "content-type": "application/json", "content-length": body.length }),
    };
    const sent = httpRequest({ port, host: "127.0.0.1", method, path: "/api/x?y=z", headers, agent: false });
    sent.end(body);
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    const seen = JSON.parse(await textOf(answer)) as Seen;
    const wanted: Seen = { method, url: "/api/x?y=z", host: "bench.test", custom: "kept", body };
    const wrong = (Object.keys(wanted) as (keyof Seen)[]).filter(
      (key) => seen[key] !== wanted[key] && !isKnownToDiffer(name, key),
    );
    if (wrong.length > 0) throw new Error(`${name} changes ${wrong.join(", ")}: ${JSON.stringify(seen)}`);
  }
}

/** @fastify/reply-from sends the upstream's own host, and has no option to keep the client's but a rewrite per request. */
function isKnownToDiffer(name: string, key: keyof Seen): boolean {
  return name.includes("reply-from") && key === "host";
}

async function textOf(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message) text += String(chunk);
  return text;
}
