import { connect, type Socket } from "node:net";

/** Who waits for an answer. */
export interface Asker {
  /** @param status 0: the connection is broken */
  onAnswer(status: number): void;
}

interface Connection {
  readonly socket: Socket;
  asker: Asker | undefined;
  head: string;
  /** Of the body, still to come; -1: the head is not complete. */
  missing: number;
}

/**
 * As many connections as it takes: a request goes on one that is free, or on a new one, and never waits for another. It reads answers no further than it must: status
 * and length.
 */
export class Connections {
  readonly #port: number;
  readonly #free: Connection[] = [];
  readonly #busy = new Map<Asker, Connection>();

  constructor(port: number) {
    this.#port = port;
  }

  ask(request: string, asker: Asker): void {
    const connection = this.#free.pop() ?? this.#open();
    connection.asker = asker;
    connection.head = "";
    connection.missing = -1;
    this.#busy.set(asker, connection);
    connection.socket.write(request, "latin1");
  }

  /** Its client leaves. */
  giveUp(asker: Asker): void {
    const connection = this.#busy.get(asker);
    if (connection === undefined) return;
    connection.asker = undefined;
    this.#busy.delete(asker);
    connection.socket.destroy();
  }

  close(): void {
    for (const { socket } of [...this.#free, ...this.#busy.values()]) socket.destroy();
  }

  #open(): Connection {
    const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true });
    const connection: Connection = { socket, asker: undefined, head: "", missing: -1 };
    socket.on("data", (bytes) => this.#read(connection, bytes));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      const place = this.#free.indexOf(connection);
      if (place >= 0) this.#free.splice(place, 1);
      this.#end(connection, 0);
    });
    return connection;
  }

  #read(connection: Connection, bytes: Buffer): void {
    if (connection.missing >= 0) connection.missing -= bytes.length;
    else this.#readHead(connection, bytes);
    if (connection.missing !== 0) return;
    const status = Number(connection.head.slice(9, 12));
    const isKept = !/\r\nconnection: close\r\n/i.test(connection.head);
    if (isKept) this.#free.push(connection);
    this.#end(connection, status);
    if (!isKept) connection.socket.destroy();
  }

  #readHead(connection: Connection, bytes: Buffer): void {
    connection.head += bytes.toString("latin1");
    const end = connection.head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(connection.head);
    if (length === null) throw new Error(`An answer without its length: ${connection.head}`);
    connection.missing = Number(length[1]) - (connection.head.length - end - 4);
  }

  #end(connection: Connection, status: number): void {
    const { asker } = connection;
    if (asker === undefined) return;
    connection.asker = undefined;
    this.#busy.delete(asker);
    asker.onAnswer(status);
  }
}
