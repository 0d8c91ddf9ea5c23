import cluster from "node:cluster";
import { rmSync } from "node:fs";
import { pid } from "node:process";
import type { Server } from "node:http";
import { dirname, join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { ControlLine } from "./control-line.ts";
import { Figures } from "./figures.ts";
import { endGracefully } from "./graceful-end.ts";
import { openPrivateSocket } from "./private-socket.ts";

export interface Platform {
  /** Path of the fleet's unix socket. */
  readonly control: string;
  /** `"api-1"`. */
  readonly instance: string;
}

/** An app may listen on `PORT` twice, on `127.0.0.1` and `::1`: one way in is enough. */
let isAttached = false;

/**
 * Gives a server that listens on `PORT` its way in and its voice, until it closes. A thread or a cluster worker is left alone: the port
 * belongs to another one, which may have several such.
 */
export function attach(server: Server, { control, instance }: Platform): void {
  const address = server.address();
  if (isAttached || !isMainThread || cluster.isWorker || address === null || typeof address === "string") return;

  const path = join(dirname(control), `${instance}-${pid}.sock`);
  const removeSocket = (): void => rmSync(path, { force: true }); // Node does it at a natural end, not at `process.exit()`.
  const opened = openPrivateSocket(server, path, () => {
    process.removeListener("exit", removeSocket);
    stopWaiting();
    figures.stop();
    line.stop({ type: "closed" });
    isAttached = false;
  });
  if (!opened) return;

  isAttached = true;
  process.once("exit", removeSocket);
  const stopWaiting = endGracefully(server);
  const line = new ControlLine(control, [
    { type: "hello", instance, pid },
    { type: "listening", port: address.port, socketPath: path },
  ]);
  line.start();
  const figures = new Figures((figures) => line.tell({ type: "figures", figures }));
  figures.start();
}
