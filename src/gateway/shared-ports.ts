import { once } from "node:events";
import { createServer } from "node:net";

/** Whether this system lets several processes listen on one port and divides the connections among them (SO_REUSEPORT). */
export async function canSharePorts(): Promise<boolean> {
  const first = createServer();
  const second = createServer();
  try {
    first.listen({ host: "127.0.0.1", port: 0, reusePort: true });
    await once(first, "listening");
    const { port } = first.address() as { port: number };
    second.listen({ host: "127.0.0.1", port, reusePort: true });
    await once(second, "listening");
    return true;
  } catch {
    return false;
  } finally {
    first.close();
    second.close();
  }
}
