import { once } from "node:events";
import { Agent, createServer } from "node:http";
import { createProxyServer } from "http-proxy-3";
import { addedFields } from "./added-fields.ts";
import type { SubjectOptions } from "./protocol.ts";

/** With an agent that keeps connections: without one it opens a connection for every request. */
export async function startHttpProxy({ port, upstreamPort }: SubjectOptions): Promise<void> {
  const proxy = createProxyServer({
    target: `http://127.0.0.1:${upstreamPort}`,
    agent: new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: Infinity }),
  });
  proxy.on("error", (_error, _request, response) => response.destroy());
  const server = createServer((request, response) => {
    const fields = addedFields(request.headers, request.socket.remoteAddress ?? "", "http-proxy-3");
    Object.assign(request.headers, fields.toUpstream);
    for (const name in fields.toClient) response.setHeader(name, fields.toClient[name]!);
    proxy.web(request, response);
  });
  server.listen({ port, host: "127.0.0.1", backlog: 4_096 });
  await once(server, "listening");
}
