import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { codeOf, type Runnable } from "../kernel/index.ts";
import { createApi } from "./api.ts";
import type { Controlled } from "./controlled.ts";
import { removeEndpoint, writeEndpoint } from "./endpoint.ts";
import { portTaken } from "./errors.ts";
import { isLoopbackAddress } from "./guard.ts";

export interface ControlServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly token?: string;
  /** Where the CLI finds this server. */
  readonly endpointFile: string;
}

/** Serves the control API. It answers from before the platform starts until after it has stopped. */
export class ControlServer implements Runnable {
  readonly #platform: Controlled;
  readonly #options: ControlServerOptions;
  #server: Server | undefined;

  constructor(platform: Controlled, options: ControlServerOptions) {
    this.#platform = platform;
    this.#options = options;
  }

  /** `http://127.0.0.1:8081`; empty while it does not listen. */
  get url(): string {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    if (address === null || address === undefined) return "";
    const host = { "0.0.0.0": "127.0.0.1", "::": "::1" }[address.address] ?? address.address;
    return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
  }

  async start(): Promise<void> {
    const { host, port, token, endpointFile } = this.#options;
    const isLoopback = isLoopbackAddress(host);
    const api = createApi(this.#platform, () => ({ isLoopback, port: (server.address() as AddressInfo).port, token }));
    const server = createAdaptorServer({ fetch: api.fetch }) as Server;
    server.headersTimeout = 10_000;
    server.requestTimeout = 10_000;
    this.#server = server;
    try {
      server.listen({ host, port, exclusive: true });
      await once(server, "listening");
    } catch (error) {
      this.#server = undefined;
      throw codeOf(error) === "EADDRINUSE" ? portTaken(host, port) : error;
    }
    await writeEndpoint(endpointFile, { url: this.url, pid: process.pid, ...(token === undefined ? {} : { token }) });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    removeEndpoint(this.#options.endpointFile);
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
