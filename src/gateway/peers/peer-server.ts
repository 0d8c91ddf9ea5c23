import { randomBytes } from "node:crypto";
import { renameSync, rmSync, statSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { listenPrivately, takeLines } from "../../kernel/index.ts";
import type { PurgeOrder } from "../cache-port.ts";

const maxLineBytes = 1024 * 1024;

/** Hears from other gateway processes what is to be purged. */
export class PeerServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #forgetPath = (): void => undefined;

  constructor(purge: (orders: readonly PurgeOrder[]) => void) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.unref();
      socket.on("error", () => undefined);
      socket.on("close", () => this.#sockets.delete(socket));
      takeLines(socket, maxLineBytes, (line) => {
        const message = parse(line);
        if (message === undefined) return false;
        purge(message.orders);
        socket.write(`${message.id}\n`);
        return true;
      });
    });
  }

  async listen(path: string): Promise<void> {
    this.#forgetPath = await listenAt(this.#server, path);
  }

  stop(): void {
    this.#forgetPath();
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/**
 * Takes the place of who listened there before: a process that is succeeded still has its socket, and when it closes that it removes the
 * name under which it was made, not this one.
 *
 * @returns removes the name, when nobody has taken the place meanwhile
 */
export async function listenAt(server: Server, path: string): Promise<() => void> {
  const own = `${path}.${randomBytes(3).toString("hex")}`;
  await listenPrivately(server, own);
  renameSync(own, path);
  const { ino } = statSync(path);
  return () => {
    if (statSync(path, { throwIfNoEntry: false })?.ino === ino) rmSync(path, { force: true });
  };
}

/** From a process of our own, if of another version. */
function parse(line: string): { readonly id: number; readonly orders: readonly PurgeOrder[] } | undefined {
  try {
    const message = JSON.parse(line) as { id?: unknown; orders?: unknown };
    if (!Number.isInteger(message.id) || !Array.isArray(message.orders)) return undefined;
    return message as { id: number; orders: PurgeOrder[] };
  } catch {
    return undefined;
  }
}
