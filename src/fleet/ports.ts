import { once } from "node:events";
import { createServer, type Server } from "node:net";

/**
 * Ports on 127.0.0.1 for instances. The kernel chooses: a port is bound and given back, and the instance binds it a moment later. Ports
 * handed out are remembered, so that two instances that start together never get the same. Another program may take one in
 * between; the instance then ends with EADDRINUSE and gets another port with its next try.
 */
export class Ports {
  readonly #taken = new Set<number>();

  async allocate(): Promise<number> {
    const held: Server[] = [];
    try {
      for (;;) {
        const server = createServer().listen(0, "127.0.0.1");
        held.push(server); // Held until another is found: else the kernel may offer it again.
        await once(server, "listening");
        const { port } = server.address() as { port: number };
        if (this.#taken.has(port)) continue;
        this.#taken.add(port);
        return port;
      }
    } finally {
      await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
    }
  }

  release(port: number): void {
    this.#taken.delete(port);
  }
}
