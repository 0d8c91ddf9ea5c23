import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { forwardedRequests } from "../wire/grammar.ts";
import { MessageReader } from "../wire/message-reader.ts";
import type { Field, WireMessage } from "../wire/message.ts";

/** A request that has come whole, and the way to answer it: byte by byte, when the test says so. */
export interface AskedOrigin {
  readonly request: WireMessage;
  readonly target: string;
  /** latin1. */
  write(bytes: string): void;
  /** Ends the connection in order. */
  end(): void;
  /** Breaks it. */
  destroy(): void;
  /** The gateway wants no more of it. */
  readonly isGone: boolean;
  /** Bytes that wait to be sent. */
  readonly unsent: number;
}

export interface ToldOrigin extends AsyncDisposable {
  readonly port: number;
}

/** An origin on a bare socket that says what it is told, and what no well-behaved server would say as well. */
export async function startToldOrigin(onAsked: (asked: AskedOrigin) => void): Promise<ToldOrigin> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const reader = new MessageReader(forwardedRequests);
    let seen = 0;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (bytes) => {
      const { messages, fault } = reader.push(bytes.toString("latin1"));
      if (fault !== undefined) throw new Error(`the origin was sent something malformed: ${fault}`);
      for (; messages[seen]?.isComplete === true; seen++) onAsked(askedOn(socket, messages[seen]!));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function askedOn(socket: Socket, request: WireMessage): AskedOrigin {
  return {
    request,
    target: request.start[1],
    write: (bytes) => void socket.write(bytes, "latin1"),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
    get isGone() {
      return socket.destroyed;
    },
    get unsent() {
      return socket.writableLength;
    },
  };
}

/** A head with its empty line. */
export function headText(status: number, fields: readonly Field[]): string {
  return `HTTP/1.1 ${status} Said\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

/** A whole answer with its length. */
export function answerText(status: number, fields: readonly Field[], body: string): string {
  return headText(status, [...fields, ["Content-Length", String(body.length)]]) + body;
}

export function chunkText(data: string): string {
  return `${data.length.toString(16)}\r\n${data}\r\n`;
}
