/**
 * A statement on a connection, until it is answered. One that takes too long is cancelled on the server; if that does not help either, the server is taken to
 * be gone, and the connection with it.
 */
import type { QueryResult } from "pg";
import type { Position } from "../lsn.ts";
import type { Connection } from "../pool/connection.ts";
import type { Deadlines, Due } from "./deadlines.ts";

/** As pg's `query` takes it. */
export type StatementConfig = { readonly text: string } & Readonly<Record<string, unknown>>;

export interface Outcome {
  readonly error: Error | undefined;
  readonly result: QueryResult | readonly QueryResult[];
  /** Where the primary was when it was done, if that was asked: `undefined` if it could not be told. */
  readonly position: Position | undefined;
  /** Why it was cancelled, if it was; then `error` may be about that. */
  readonly cancelled: "late" | "aborted" | undefined;
}

export interface SendOptions {
  readonly config: StatementConfig;
  /** It may write: the position is asked behind it. */
  readonly asksPosition: boolean;
  /** 0: it may take any time. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** After it was asked to cancel, a server that lives answers. */
const cancelMs = 1_000;

export class SentStatement implements Due {
  dueAt: number;
  readonly sentAt: number;
  readonly #connection: Connection;
  readonly #deadlines: Deadlines;
  readonly #signal: AbortSignal | undefined;
  readonly #onDone: (outcome: Outcome) => void;
  #cancelled: Outcome["cancelled"];

  constructor(
    connection: Connection,
    options: SendOptions,
    { deadlines, onDone }: { readonly deadlines: Deadlines; readonly onDone: (outcome: Outcome) => void },
  ) {
    const { config, asksPosition, timeoutMs, signal } = options;
    this.#connection = connection;
    this.#deadlines = deadlines;
    this.#signal = signal;
    this.#onDone = onDone;
    this.sentAt = performance.now();
    this.dueAt = this.sentAt + timeoutMs;
    if (timeoutMs > 0) deadlines.add(this);
    signal?.addEventListener("abort", this.#abort, { once: true });
    if (asksPosition) this.#sendWithPosition(config);
    else connection.query(config, (error, result) => this.#end(error ?? undefined, result, undefined));
  }

  onDue(): void {
    if (this.#cancelled === undefined) this.#cancel("late");
    else this.#connection.destroy();
  }

  readonly #abort = (): void => {
    if (this.#cancelled === undefined) this.#cancel("aborted");
  };

  #cancel(why: Outcome["cancelled"]): void {
    this.#cancelled = why;
    void this.#connection.cancel();
    this.dueAt = performance.now() + cancelMs;
    this.#deadlines.add(this);
  }

  #sendWithPosition(config: StatementConfig): void {
    let failure: Error | undefined;
    let answer: Outcome["result"];
    this.#connection.queryWithPosition(
      config,
      (error, result) => {
        failure = error ?? undefined;
        answer = result;
      },
      (position) => this.#end(failure, answer, position),
    );
  }

  #end(error: Error | undefined, result: Outcome["result"], position: Position | undefined): void {
    this.#deadlines.delete(this);
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#onDone({ error, result, position, cancelled: this.#cancelled });
  }
}
