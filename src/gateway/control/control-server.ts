import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { listenPrivately, takeLines } from "../../kernel/index.ts";
import type { FromGateway, ToGateway } from "../process-protocol.ts";
import { parseToGateway } from "./to-gateway.ts";

/** Snapshots are the longest lines: some hundred bytes for each upstream. */
export const maxLineBytes = 16 * 1024 * 1024;
/** Who does not read what it asked for is let go. */
const maxUnreadBytes = 16 * 1024 * 1024;
/** A platform that has so much to read will get no news for now. */
const enoughUnreadBytes = 64 * 1024;
const attendWithinMs = 10_000;
const maxConnections = 64;

export interface ControlHandlers {
  readonly onMessage: (message: ToGateway, reply: Reply) => void;
  /** The first platform has come, or the last one has gone. */
  readonly onAttendance: (isAttended: boolean) => void;
}

export type Reply = (message: FromGateway, onSent?: () => void) => void;

/**
 * The gateway's end of the control channel. Whoever is connected and has said `attend` is a platform, of which there may be two for a
 * while: each has its own answers. Who says what is no message is cut off, which costs the gateway nothing.
 */
export class ControlServer {
  readonly #handlers: ControlHandlers;
  readonly #sockets = new Set<Socket>();
  readonly #platforms = new Set<Socket>();
  #server: Server | undefined;
  #path: string | undefined;

  constructor(handlers: ControlHandlers) {
    this.#handlers = handlers;
  }

  async start(path: string): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    server.maxConnections = maxConnections;
    this.#server = server;
    await listenPrivately(server, path);
    this.#path = path;
  }

  /** Closes what is open, after what was sent. */
  stop(): void {
    this.#server?.close();
    if (this.#path !== undefined) rmSync(this.#path, { force: true });
    for (const socket of this.#sockets) socket.destroySoon();
  }

  get isAttended(): boolean {
    return this.#platforms.size > 0;
  }

  broadcast(message: FromGateway): void {
    for (const platform of this.#platforms) send(platform, message);
  }

  /** What may be missed: a platform that does not read just now does not get it, and is not let go for that. */
  offer(message: FromGateway): void {
    for (const platform of this.#platforms) if (platform.writableLength < enoughUnreadBytes) send(platform, message);
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const tooLate = setTimeout(() => socket.destroy(), attendWithinMs);
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(tooLate);
      this.#sockets.delete(socket);
      if (this.#platforms.delete(socket) && !this.isAttended) this.#handlers.onAttendance(false);
    });
    takeLines(socket, maxLineBytes, (line) => {
      const message = parseToGateway(line);
      const isPlatform = this.#platforms.has(socket);
      if (message === undefined || (message.type === "attend") === isPlatform) return false;
      if (!isPlatform) {
        clearTimeout(tooLate);
        this.#platforms.add(socket);
        if (this.#platforms.size === 1) this.#handlers.onAttendance(true);
      }
      this.#handlers.onMessage(message, (answer, onSent) => send(socket, answer, onSent));
      return true;
    });
  }
}

function send(socket: Socket, message: FromGateway, onSent?: () => void): void {
  if (socket.destroyed) return onSent?.();
  socket.write(`${JSON.stringify(message)}\n`, () => onSent?.());
  if (socket.writableLength > maxUnreadBytes) socket.destroy();
}
