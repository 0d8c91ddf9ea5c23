import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** So many different free ports on 127.0.0.1: all are held until the last is known, so that none comes twice. */
export async function findFreePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const server = createServer().listen(0, "127.0.0.1");
      held.push(server);
      await once(server, "listening");
    }
    return held.map((server) => (server.address() as { port: number }).port);
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
