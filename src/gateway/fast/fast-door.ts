import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { DataPlane } from "../data-plane.ts";
import type { Callers } from "../receptions.ts";
import type { Reception } from "../inbound-request.ts";
import { interceptAccept } from "./accepting.ts";
import { ClientConnection, type ClientConnectionHost } from "./client-connection.ts";

/** The fast path's way into a listening HTTP server: it has the connections first, and gives the server those it cannot serve. */
export class FastDoor implements ClientConnectionHost {
  readonly plane: DataPlane;
  readonly #server: Server;
  readonly #callers: Callers;
  readonly #connections = new Set<ClientConnection>();

  constructor(server: Server, plane: DataPlane, callers: Callers) {
    this.#server = server;
    this.plane = plane;
    this.#callers = callers;
  }

  get reception(): Reception {
    return this.plane.reception(this.#callers);
  }

  /** Open connections; those that were handed over are the server's. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Once the server listens. */
  open(): void {
    interceptAccept(this.#server, (client) => {
      if (!this.plane.snapshot.settings.fastPath) return false;
      const connection = new ClientConnection(client, this);
      this.#connections.add(connection);
      this.plane.addLane(connection);
      return true;
    });
  }

  handOver(socket: Socket): void {
    this.#server.emit("connection", socket);
  }

  onClosed(connection: ClientConnection): void {
    this.#connections.delete(connection);
  }

  closeIdle(): void {
    for (const connection of this.#connections) connection.closeIdle();
  }

  closeAll(): void {
    for (const connection of this.#connections) connection.destroy();
  }
}
