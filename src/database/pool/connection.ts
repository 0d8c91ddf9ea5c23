/**
 * One connection to a server: pg's client, and what has to be known beside it. It is opened for pipelining, so that the question where a commit stands
 * travels behind the commit itself; what holds a portal open (a cursor, a stream of rows) cannot be pipelined, and switches it off until the connection is
 * given back.
 */
import { Client, type ClientConfig, type QueryResult } from "pg";
import { withDeadline } from "../../kernel/index.ts";
import type { Position } from "../lsn.ts";
import { requestCancel } from "./cancel-request.ts";
import { position, type PositionRow, readIdentity, type ServerIdentity, toPosition } from "./server-identity.ts";

/** Called once. `result` is there if `error` is not; of a text with several statements, it is of all of them. */
export type OnResult = (error: Error | undefined, result: QueryResult | readonly QueryResult[]) => void;

export interface OpenOptions {
  /** For all of it, to the first answer. */
  readonly timeoutMs: number;
  /** Told when it breaks while nobody uses it. */
  readonly onError: (connection: Connection, error: Error) => void;
  /** `late`: what to say when the time is over. */
  readonly late: () => Error;
}

/** Fields of pg's client that its types leave out or call fixed. */
interface ClientInside {
  pipeline: boolean;
  readonly readyForQuery: boolean;
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/** Whoever has closed his cursor hears of it a moment later. */
const drainMs = 1_000;

export class Connection {
  readonly client: Client;
  readonly identity: ServerIdentity;
  /** When it was asked for its identity: milliseconds on the process's clock. */
  readonly askedAt: number;
  readonly openedAt: number;
  /** Whom it serves; the pool's. */
  isIdle = false;
  idleSince = 0;
  #isBroken = false;

  private constructor(client: Client, identity: ServerIdentity, askedAt: number) {
    this.client = client;
    this.identity = identity;
    this.askedAt = askedAt;
    this.openedAt = performance.now();
  }

  static async open(config: ClientConfig, { timeoutMs, onError, late }: OpenOptions): Promise<Connection> {
    const client = new Client({ ...config, pipeline: true });
    let connection: Connection | undefined;
    client.on("error", (error) => {
      if (connection !== undefined) connection.#break(onError, error);
    });
    try {
      const begin = async (): Promise<Connection> => {
        await client.connect();
        const askedAt = performance.now();
        return new Connection(client, await readIdentity(client), askedAt);
      };
      connection = await withDeadline(begin(), timeoutMs, late);
      return connection;
    } catch (error) {
      destroy(client);
      throw error;
    }
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Sends it at once. */
  query(config: object, onResult: OnResult): void {
    (this.client.query as (config: object, onResult: OnResult) => void).call(this.client, config, onResult);
  }

  /**
   * Sends it, and behind it, in the same packet, the question where it stands when it is done.
   *
   * @param onPosition called after `onResult`. `undefined`: the connection broke in between, or it was no primary
   */
  queryWithPosition(config: object, onResult: OnResult, onPosition: (position: Position | undefined) => void): void {
    const { stream } = this.client.connection;
    stream.cork();
    try {
      this.query(config, onResult);
      const name = this.identity.hasPooler ? {} : { name: "tenfold_position" };
      this.query({ text: position, ...name }, (error, result) => {
        const row =
          error === undefined || error === null ? ((result as QueryResult).rows[0] as PositionRow) : undefined;
        onPosition(row && toPosition(row, false));
      });
    } finally {
      stream.uncork();
    }
  }

  /** What it does now is cancelled, if it still does it. */
  async cancel(): Promise<void> {
    const { processID, secretKey } = this.client as unknown as ClientInside;
    if (processID === null || secretKey === null) return;
    const { host, port } = this.client;
    await requestCancel({ host, port, processId: processID, secretKey });
  }

  /** For what keeps a portal open. Nothing may be under way. */
  stopPipelining(): void {
    (this.client as unknown as ClientInside).pipeline = false;
  }

  get isPipelining(): boolean {
    return (this.client as unknown as ClientInside).pipeline;
  }

  /** @returns whether it can be used again: what was asked of it last, a COPY or a cursor, has ended */
  async resumePipelining(): Promise<boolean> {
    const inside = this.client as unknown as ClientInside;
    if (!inside.readyForQuery) {
      const drained = new Promise((resolve) => this.client.once("drain", resolve));
      await withDeadline(drained, drainMs, () => new Error("a portal was left open")).catch(() => undefined);
    }
    inside.pipeline = true;
    return inside.readyForQuery && !this.#isBroken;
  }

  /** In order, if it can; what is under way fails. */
  close(): void {
    this.#isBroken = true;
    this.client.end().catch(() => undefined);
  }

  /** At once: the other end does not answer, or must not hear from us again. */
  destroy(): void {
    this.#isBroken = true;
    destroy(this.client);
  }

  #break(onError: OpenOptions["onError"], error: Error): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    destroy(this.client);
    onError(this, error);
  }
}

function destroy(client: Client): void {
  client.connection.stream.destroy();
}
