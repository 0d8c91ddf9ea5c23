import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Knowing } from "./main.ts";
import type { SubjectOptions } from "./protocol.ts";

/**
 * The bound: what a raw socket in Node can do that looks at nothing. The first request is asked of the origin; to each one after it, the same bytes
 * are the answer.
 */
export async function startCanned({ port, upstreamPort }: SubjectOptions): Promise<Knowing> {
  let answer: Buffer | undefined;
  let learning: Promise<Buffer> | undefined;
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (request) => {
      if (answer !== undefined) socket.write(answer);
      else void (learning ??= learn(request, upstreamPort)).then((learned) => socket.write((answer = learned)));
    });
  });
  server.listen({ port, host: "127.0.0.1", backlog: 4_096 });
  await once(server, "listening");
  return {};
}

async function learn(request: Buffer, port: number): Promise<Buffer> {
  const socket = connect(port, "127.0.0.1");
  const [line, ...fields] = request.toString("latin1").split("\r\n") as [string, ...string[]];
  const others = fields.filter((field) => !/^connection:/i.test(field));
  socket.write([line, "Connection: close", ...others].join("\r\n"), "latin1");
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString("latin1");
  return Buffer.from(text.replace(/\r\nConnection: close\r\n/i, "\r\nConnection: keep-alive\r\n"), "latin1");
}
