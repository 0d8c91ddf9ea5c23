import { EventEmitter, once } from "node:events";
import { connect, type Socket } from "node:net";
import { takeLines, withDeadline } from "../../kernel/index.ts";
import { gatewayNotRunning, gatewayProcessEnded, gatewayUnresponsive } from "../errors.ts";
import type { FromGateway, HelloMessage, ToGateway } from "../process-protocol.ts";
import { maxLineBytes } from "./control-server.ts";

interface Events {
  message: [message: FromGateway];
  /** Everything that the gateway had said has been told. */
  close: [];
}

export interface OpenedLink {
  readonly link: ControlLink;
  readonly hello: HelloMessage;
}

/** The platform's end of the control channel to one gateway process. */
export class ControlLink extends EventEmitter<Events> {
  readonly #socket: Socket;
  readonly #replyMs: number;
  #nextId = 1;

  private constructor(socket: Socket, replyMs: number) {
    super();
    this.setMaxListeners(0);
    this.#socket = socket;
    this.#replyMs = replyMs;
    socket.on("error", () => {});
    socket.on("close", () => this.emit("close"));
    takeLines(socket, maxLineBytes, (line) => {
      const message = parse(line);
      if (message !== undefined) this.emit("message", message);
      return message !== undefined;
    });
  }

  /** @throws ENOENT, ECONNREFUSED: nobody serves there; GATEWAY_UNRESPONSIVE, GATEWAY_NOT_RUNNING */
  static async open(path: string, replyMs: number): Promise<OpenedLink> {
    const socket = connect(path);
    await once(socket, "connect");
    const link = new ControlLink(socket, replyMs);
    try {
      const hello = await link.ask(
        () => ({ type: "attend" }),
        "say hello",
        (message) => (message.type === "hello" ? message : undefined),
      );
      return { link, hello };
    } catch (error) {
      link.close();
      throw error;
    }
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  send(message: ToGateway): void {
    if (!this.isClosed) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /**
   * Sends a message and waits for its answer.
   *
   * @param answer what the message answers; `undefined`: it answers something else; may throw
   * @throws GATEWAY_UNRESPONSIVE, GATEWAY_NOT_RUNNING, and what `answer` throws
   */
  async ask<T>(
    message: (id: number) => ToGateway,
    what: string,
    answer: (message: FromGateway, id: number) => T | undefined,
  ): Promise<T> {
    const id = this.#nextId++;
    let release = (): unknown => undefined;
    const answered = new Promise<T>((resolve, reject) => {
      if (this.isClosed) return reject(gatewayNotRunning());
      const onMessage = (said: FromGateway): void => {
        try {
          const value = answer(said, id);
          if (value !== undefined) resolve(value);
        } catch (error) {
          reject(error);
        }
      };
      const onClose = (): void => reject(gatewayProcessEnded(null, null));
      this.on("message", onMessage).on("close", onClose);
      release = () => this.off("message", onMessage).off("close", onClose);
      this.send(message(id));
    });
    return withDeadline(answered, this.#replyMs, () => gatewayUnresponsive(this.#replyMs, what)).finally(release);
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** The gateway is our own, if of another version: what it says need only be JSON. */
function parse(line: string): FromGateway | undefined {
  try {
    return JSON.parse(line) as FromGateway;
  } catch {
    return undefined;
  }
}
