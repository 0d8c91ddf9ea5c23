import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { listenPrivately, maxSocketPathBytes, type Runnable } from "../kernel/index.ts";
import type { Controlled } from "./controlled.ts";
import { socketPathTooLong } from "./errors.ts";
import { addPurge } from "./purge-endpoint.ts";
import { answerFailures, boundBodies } from "./refusals.ts";

const maxConnections = 1_024;

/**
 * What the instances may ask of the platform that runs them: HTTP on a unix socket, whose path they are given as `TENFOLD_API`. Only processes of
 * this user can connect, no web page can, and so no token travels through the apps' environment. It has what an app needs and no more: one that
 * was talked into sending requests can neither stop nor change anything here.
 */
export class AppServer implements Runnable {
  readonly #platform: Pick<Controlled, "purge">;
  readonly #path: string;
  #server: Server | undefined;

  constructor(platform: Pick<Controlled, "purge">, path: string) {
    this.#platform = platform;
    this.#path = path;
  }

  /** @throws CONTROL_SOCKET_PATH_TOO_LONG */
  async start(): Promise<void> {
    if (Buffer.byteLength(this.#path) > maxSocketPathBytes) throw socketPathTooLong(this.#path, maxSocketPathBytes);
    const api = new Hono();
    boundBodies(api);
    addPurge(api, this.#platform);
    answerFailures(api);
    const server = createAdaptorServer({ fetch: api.fetch }) as Server;
    server.headersTimeout = 10_000;
    server.requestTimeout = 10_000;
    server.maxConnections = maxConnections;
    this.#server = server;
    await listenPrivately(server, this.#path);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server?.listening !== true) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
