import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import { type AddressInfo, type Socket, Server as NetServer } from "node:net";
import type { ResolvedGateway } from "../config/index.ts";
import { codeOf } from "../kernel/index.ts";
import { type AnsweringSocket, ClientErrors, problemOf } from "./client-errors.ts";
import type { DataPlane } from "./data-plane.ts";
import { portUnavailable } from "./errors.ts";
import { FastDoor } from "./fast/fast-door.ts";
import { Exchange } from "./exchange.ts";
import { InboundRequest } from "./inbound-request.ts";
import { listenAt } from "./peers/peer-server.ts";
import type { Callers, fellow } from "./receptions.ts";
import * as problems from "./problems.ts";
import type { ListenerSnapshot } from "./snapshot.ts";

/** How often the parser looks for heads that are late. */
const checkHeadsEveryMs = 500;
const backlog = 4_096;

/** One address that clients connect to: Node's HTTP server in its strictest mode, and what becomes of each thing it finds. */
export class Listener {
  readonly snapshot: ListenerSnapshot;
  readonly #plane: DataPlane;
  readonly #callers: Callers;
  readonly #server: Server;
  #address: { readonly host: string; readonly port: number } | undefined;
  readonly #door: FastDoor;
  #connections = 0;

  constructor(snapshot: ListenerSnapshot, settings: ResolvedGateway, plane: DataPlane, callers?: typeof fellow) {
    this.snapshot = snapshot;
    this.#callers = callers ?? snapshot.service;
    this.#plane = plane;
    const server = createServer({
      insecureHTTPParser: false,
      // Checked by admission.ts, which answers as everything here does.
      requireHostHeader: false,
      rejectNonStandardBodyWrites: true,
      optimizeEmptyRequests: true,
      connectionsCheckingInterval: checkHeadsEveryMs,
      // Large uploads take what they take; what stalls is ended by deadlines.ts.
      requestTimeout: 0,
      maxHeaderSize: settings.maxHeadBytes,
      headersTimeout: settings.headTimeoutMs,
      keepAliveTimeout: settings.keepAliveTimeoutMs,
      noDelay: true,
      shouldUpgradeCallback: isUpgradable,
    } as Parameters<typeof createServer>[0]);
    this.#server = server;
    this.#door = new FastDoor(server, plane, this.#callers);
    // No header is ever left out: their bytes are bounded, so their number is.
    server.maxHeadersCount = 0;
    server.on("request", (req, res) => this.#serve(req, res, false));
    server.on("checkContinue", (req, res) => this.#serve(req, res, false));
    server.on("checkExpectation", (req, res) => this.#serve(req, res, false));
    server.on("upgrade", (req, socket, head) => this.#upgrade(req, socket as Socket, head));
    const errors = new ClientErrors({
      isLast: (socket) => plane.isLast(socket),
      countUnrouted: (status) => plane.countUnrouted(status),
      nextRequestId: () => plane.reception(undefined).nextRequestId(),
    });
    server.on("connect", (_, socket) => errors.refuse(socket as Socket, problems.connectRefused));
    server.on("clientError", (error, socket) => errors.refuse(socket as Socket, problemOf(error)));
    server.on("connection", (socket) => {
      this.#connections++;
      socket.once("close", () => this.#connections--);
    });
  }

  get connections(): number {
    return this.#connections + this.#door.connections;
  }

  /** Also when it takes no connections any more. */
  get address(): { readonly host: string; readonly port: number } {
    return this.#address!;
  }

  /** The listening socket's descriptor. */
  get fd(): number {
    return (this.#server as unknown as { readonly _handle: { readonly fd: number } })._handle.fd;
  }

  /**
   * @param reusePort other processes may listen there too; without effect where the platform has no such thing
   * @param fd of a socket that listens there already
   */
  async listen(reusePort: boolean, fd?: number): Promise<void> {
    const { host, port } = this.snapshot;
    try {
      await this.#bind(reusePort, fd).catch((error: unknown) => {
        if (reusePort && codeOf(error) === "ENOTSUP") return this.#bind(false);
        throw error;
      });
    } catch (error) {
      throw portUnavailable(host, port, error);
    }
    this.#door.open();
    // Later errors (EMFILE on accept) concern one connection; the server goes on.
    this.#server.on("error", () => undefined);
  }

  /** On a unix socket, for other gateway processes. */
  async listenAt(path: string): Promise<() => void> {
    const forgetPath = await listenAt(this.#server, path);
    this.#door.open();
    this.#server.on("error", () => undefined);
    return forgetPath;
  }

  async #bind(reusePort: boolean, fd?: number): Promise<void> {
    const { host, port } = this.snapshot;
    if (fd === undefined) this.#server.listen({ host, port, backlog, reusePort });
    else this.#server.listen({ fd }, backlog);
    await once(this.#server, "listening");
    const { address, port: taken } = this.#server.address() as AddressInfo;
    this.#address = { host: address, port: taken };
  }

  /** For connections to come. */
  applySettings(settings: ResolvedGateway): void {
    const server = this.#server as Server & { maxHeaderSize: number };
    server.maxHeaderSize = settings.maxHeadBytes;
    server.headersTimeout = settings.headTimeoutMs;
    server.keepAliveTimeout = settings.keepAliveTimeoutMs;
  }

  /**
   * Takes no new connections; those that are open go on.
   *
   * The kernel resets what waits to be accepted on a socket that closes, although another process listens on the same port
   * (unless net.ipv4.tcp_migrate_req is set). So it closes right after the event loop has accepted all that waited.
   */
  stopAccepting(): void {
    setImmediate(() => setImmediate(() => this.#close()));
  }

  #close(): void {
    // The HTTP server's own `close` would cut idle connections in the same moment, on which a request may be on its way.
    if (this.#server.listening) NetServer.prototype.close.call(this.#server);
  }

  closeIdle(): void {
    this.#door.closeIdle();
    this.#server.closeIdleConnections();
  }

  closeAll(): void {
    this.#close();
    this.#server.close();
    this.#door.closeAll();
    this.#server.closeAllConnections();
  }

  #serve(req: IncomingMessage, res: ServerResponse, isUpgrade: boolean): void {
    // Pipelined behind a request whose answer closes the connection: the client will send it again, elsewhere.
    if (this.#plane.isLast(req.socket)) return;
    const request = new InboundRequest(req, this.#plane.reception(this.#callers));
    this.#plane.start(new Exchange(request, { res, isUpgrade }, this.#plane));
  }

  /** Node hands over the bare socket. The exchange gets an answer object for it, should it come to an ordinary answer. */
  #upgrade(req: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    // What the client sends early waits for the tunnel.
    if (head.length > 0) socket.unshift(head);
    const res = new ServerResponse(req);
    res.shouldKeepAlive = false;
    res.assignSocket(socket);
    // Node's server, which would tell the answer, has let go of the socket.
    socket.on("drain", () => res.emit("drain"));
    res.on("finish", () => {
      res.detachSocket(socket);
      socket.destroySoon();
      res.emit("close");
    });
    this.#serve(req, res, true);
  }
}

/**
 * Which `Upgrade` is honoured; any other is ignored, as it may be (RFC 9110 §7.8). `h2c` would carry requests past all that is
 * checked here. A body before the switch, and an answer still on its way to the same client, would mix with the tunnel.
 */
function isUpgradable(req: IncomingMessage): boolean {
  const { upgrade, "content-length": length, "transfer-encoding": coding } = req.headers;
  if (upgrade === undefined || /(?:^|[\s,])(?:h2c?|tls)(?:[\s,/]|$)/i.test(upgrade)) return false;
  if ((length !== undefined && Number(length) !== 0) || coding !== undefined || req.httpVersionMinor === 0)
    return false;
  return !isAnswering((req.socket as AnsweringSocket)._httpMessage);
}

function isAnswering(message: ServerResponse | null | undefined): message is ServerResponse {
  return message !== null && message !== undefined;
}
