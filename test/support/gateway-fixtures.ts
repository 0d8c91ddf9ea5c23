import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket,
} from "node:net";
import type { ResolvedCache, ResolvedLimits } from "../../src/config/index.ts";
import { HttpCache } from "../../src/httpcache/index.ts";
import { RequestLimits } from "../../src/limits/index.ts";
import { Gateway, type ServiceSnapshot, type Snapshot, type UpstreamSnapshot } from "../../src/gateway/index.ts";

/** What tests of the gateway stand on: snapshots with few words, origins and clients on bare sockets. */

export interface SnapshotOptions {
  readonly services?: Readonly<Record<string, Partial<ServiceSnapshot>>>;
  readonly upstreams?: readonly UpstreamSnapshot[];
  readonly service?: Partial<ServiceSnapshot>;
  readonly settings?: Partial<Snapshot["settings"]>;
  readonly listeners?: Snapshot["listeners"];
  /** Counted in the gateway's own memory. */
  readonly limits?: Partial<ResolvedLimits>;
}

/** What origins say is obeyed, and nothing else. */
export const cacheRules = {
  staleWhileRevalidateMs: 0,
  staleIfErrorMs: 0,
  stripSetCookie: false,
  ignoresCookies: false,
  key: [],
} as const satisfies ResolvedCache;

let version = 0;
let fastPath = true;

/** The same tests run on both paths of the gateway: with the fast path in front, unless this has been called. */
export function useFullPathAlone(): void {
  fastPath = false;
}

/** One service `api` with all routes unless `services` says otherwise; any free port; short timeouts. */
export function snapshotOf(options: SnapshotOptions): Snapshot {
  const services = options.services ?? { api: { ...options.service, upstreams: options.upstreams ?? [] } };
  return {
    version: ++version,
    settings: {
      port: 0,
      host: "127.0.0.1",
      trustedProxies: [],
      maxHeadBytes: 16_384,
      maxBodyBytes: 100 * 1024 * 1024,
      headTimeoutMs: 10_000,
      keepAliveTimeoutMs: 75_000,
      accessLog: false,
      processes: 1,
      fastPath,
      pipelining: true,
      cacheBytes: 1024 * 1024,
      compression: { of: "nothing", types: [], minBytes: 0 },
      ...options.settings,
    },
    ...(options.limits === undefined
      ? {}
      : { limits: { limits: [], tiers: [], adjustments: [], store: { kind: "memory" }, ...options.limits } }),
    listeners: options.listeners ?? [{ host: "127.0.0.1", port: 0 }],
    services: Object.fromEntries(
      Object.entries(services).map(([name, service]) => [
        name,
        {
          routes: [{}],
          balance: { algorithm: "least-connections" },
          split: {},
          retries: { attempts: 3, budget: 0.2 },
          timeouts: { connectMs: 2_000, responseMs: 5_000, idleMs: 5_000, totalMs: 0 },
          circuit: { maxRequests: 1_024, maxPending: 1_024 },
          cache: cacheRules,
          upstreams: [],
          ...service,
        } satisfies ServiceSnapshot,
      ]),
    ),
  };
}

export function upstream(id: string, port: number, more: Partial<UpstreamSnapshot> = {}): UpstreamSnapshot {
  return { id, origin: `http://127.0.0.1:${port}`, weight: 1, state: "ready", healthy: true, readyAt: 0, ...more };
}

export interface StartedGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly port: number;
  readonly snapshot: Snapshot;
}

export async function startGateway(options: SnapshotOptions): Promise<StartedGateway> {
  const gateway = new Gateway({ cache: new HttpCache(), limits: new RequestLimits() });
  const snapshot = snapshotOf(options);
  await gateway.start(snapshot);
  return { gateway, snapshot, port: gateway.addresses()[0]!.port, [Symbol.asyncDispose]: () => gateway.stop() };
}

/** Before one upstream, `api-1`, unless the options name others. */
export async function startGatewayBefore(port: number, options: SnapshotOptions = {}): Promise<StartedGateway> {
  return startGateway({ upstreams: [upstream("api-1", port)], ...options });
}

export interface Origin extends AsyncDisposable {
  readonly port: number;
  readonly server: Server;
  readonly requests: IncomingMessage[];
}

export async function startOrigin(listener: RequestListener, path?: string): Promise<Origin> {
  const requests: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    requests.push(req);
    listener(req, res);
  });
  server.listen(path ?? { port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "string" || address === null ? 0 : address.port,
    server,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface RawOrigin extends AsyncDisposable {
  readonly port: number;
  readonly server: TcpServer;
  readonly sockets: Set<Socket>;
  /** Every byte that arrived, latin1. */
  readonly received: () => string;
}

/** An origin that records what it gets and does with the socket what the test says. */
export async function startRawOrigin(onData: (socket: Socket, all: string) => void): Promise<RawOrigin> {
  let received = "";
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    let all = "";
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      all += chunk.toString("latin1");
      onData(socket, all);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    server,
    sockets,
    received: () => received,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A client that sends bytes as they are, and waits for bytes. */
export class RawClient implements AsyncDisposable {
  readonly socket: Socket;
  text = "";
  isClosed = false;

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    this.socket.on("data", (chunk) => (this.text += chunk.toString("latin1")));
    this.socket.on("error", () => undefined);
    this.socket.on("end", () => (this.isClosed = true));
    this.socket.on("close", () => (this.isClosed = true));
  }

  send(bytes: string): this {
    this.socket.write(bytes, "latin1");
    return this;
  }

  /** Until what has arrived satisfies; fails after 10 s. */
  async until(isEnough: (text: string) => boolean): Promise<string> {
    await eventually(
      () => isEnough(this.text),
      () => `received so far: ${JSON.stringify(this.text.slice(0, 500))}`,
    );
    return this.text;
  }

  async untilClosed(): Promise<string> {
    await eventually(
      () => this.isClosed,
      () => `still open; received: ${JSON.stringify(this.text.slice(0, 500))}`,
    );
    return this.text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
  }
}

export async function eventually(
  isSo: () => boolean,
  otherwise: () => string = () => "it did not happen",
  ms = 10_000,
): Promise<void> {
  const end = performance.now() + ms;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(otherwise());
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
