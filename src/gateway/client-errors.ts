import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Problem, problemAnswer } from "../http/index.ts";
import { codeOf } from "../kernel/index.ts";
import { endLingering } from "./linger.ts";
import * as problems from "./problems.ts";

/** Node's own mark on a connection: the answer that is being written there. */
export type AnsweringSocket = Socket & { _httpMessage?: (ServerResponse & { req: IncomingMessage }) | null };

export interface RefusalHost {
  /** After the answer under way nothing more will be answered on this connection. */
  isLast(socket: Socket): boolean;
  countUnrouted(status: number): void;
  nextRequestId(): string;
}

/**
 * Answers, and ends, connections whose bytes are no request, in turn: requests that came before them on the connection are answered
 * first, since a refusal that overtakes their answers would be taken for one of them.
 */
export class ClientErrors {
  readonly #host: RefusalHost;
  readonly #refused = new WeakSet<Socket>();

  constructor(host: RefusalHost) {
    this.#host = host;
  }

  /** @param problem `undefined`: there is nobody to tell */
  refuse(socket: AnsweringSocket, problem: Problem | undefined): void {
    // A parser that has failed fails again with each further read.
    if (this.#refused.has(socket)) return;
    this.#refused.add(socket);
    socket.on("error", () => socket.destroy());
    if (problem === undefined) socket.destroy();
    else if (socket.readableEnded && socket._httpMessage?.req.complete === true) socket.destroy();
    else {
      noticeEnd(socket);
      this.#refuseInTurn(socket, problem);
    }
  }

  #refuseInTurn(socket: AnsweringSocket, problem: Problem): void {
    const current = socket._httpMessage ?? undefined;
    if (socket.destroyed) return;
    if (this.#host.isLast(socket) && (current === undefined || current.writableEnded)) return endLingering(socket);
    if (current?.req.complete === true) {
      // The answer may wait for its own upstream: its deadlines bound this wait.
      current.once("finish", () => setImmediate(() => this.#refuseInTurn(socket, problem)));
      return;
    }
    // In the middle of an answer, nothing can be said that the client would not take for a part of it.
    if (current?.headersSent === true) return endLingering(socket);
    this.#host.countUnrouted(problem.status);
    socket.write(problemAnswer(problem, this.#host.nextRequestId()), "latin1");
    endLingering(socket);
  }
}

/**
 * Nobody reads the socket any more: what comes is thrown away, and a client that closes its half does not wait for an answer. After CONNECT
 * Node's server has let go of it altogether, and would not tell the answers that are still on their way that the client has read.
 */
function noticeEnd(socket: AnsweringSocket): void {
  socket.on("drain", () => socket._httpMessage?.emit("drain"));
  socket.removeAllListeners("data");
  socket.on("data", () => undefined);
  socket.once("end", () => socket.destroy());
  socket.resume();
  // With the listener above, Node's server has taken back its own that starts reading again where a body had stopped it.
  if (!socket.destroyed) socket._read(0);
}

/** What the client is told of what Node's parser says; `undefined`: there is nobody to tell. */
export function problemOf(error: Error): Problem | undefined {
  switch (codeOf(error) ?? "") {
    case "ECONNRESET":
    case "EPIPE":
      return undefined;
    case "HPE_HEADER_OVERFLOW":
      return problems.headTooLarge;
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return problems.bodyTooLarge;
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return problems.headTimeout;
    default:
      return problems.notHttp;
  }
}
