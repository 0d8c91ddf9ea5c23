import { once } from "node:events";
import { chmodSync, rmSync } from "node:fs";
import type { Server, Socket } from "node:net";

/** `sun_path` has 104 bytes on the BSDs and macOS, 108 on Linux, the ending zero included. */
export const maxSocketPathBytes = 103;

/** Listens on a unix socket that only this user may connect to. What stands at the path is removed: it is a killed run's. */
export async function listenPrivately(server: Server, path: string): Promise<void> {
  rmSync(path, { force: true });
  server.listen(path);
  await once(server, "listening");
  chmodSync(path, 0o600);
}

/**
 * Takes the lines that arrive, one by one. A line without end, or one that `take` refuses by `false`, closes the connection: who
 * sends such a thing is not understood, and must not cost memory.
 */
export function takeLines(socket: Socket, maxLineBytes: number, take: (line: string) => boolean): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    rest += text;
    if (text.includes("\n")) {
      const lines = rest.split("\n");
      rest = lines.pop()!;
      if (!lines.every(take)) socket.destroy();
    }
    if (rest.length > maxLineBytes) socket.destroy();
  });
}
