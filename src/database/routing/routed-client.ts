/**
 * What `connect()` gives: a client of pg's kind, that takes a connection when it is first asked something, and another when it must.
 *
 *     unbound ── a read ──────────────► on a standby ── anything that is no read, outside of a read-only transaction ─┐
 *        └────── anything else, ──────────────────────────────────────────────────────────────────────────────────────┴─► on the primary, until it is released
 *
 * So query builders that take a client for each statement read from standbys, and whatever needs one connection (a transaction, a lock, a temporary table, LISTEN)
 * has it from its first statement to the end. Statements are sent one after the other, in the order in which they were asked.
 */
import { EventEmitter } from "node:events";
import { Client } from "pg";
import type { DatabaseNode } from "../cluster/node.ts";
import type { Consistency } from "../consistency.ts";
import { clientReleased, connectionLost, outcomeUnknown, statementTimedOut } from "../errors.ts";
import type { Session } from "../sessions/session.ts";
import { type StatementTraits, unsure } from "../statements/traits.ts";
import { Acquire, type Place } from "./acquire.ts";
import { afterFailure } from "./after-failure.ts";
import { isSubmittable, type QueryArguments, readArguments, type Submittable } from "./query-arguments.ts";
import { recordOutcome } from "./record-outcome.ts";
import type { Router } from "./router.ts";
import { type Outcome, SentStatement } from "./sent-statement.ts";

export interface ClientSurroundings {
  readonly router: Router;
  readonly consistency: Consistency;
  readonly session: Session<DatabaseNode>;
  readonly timeoutMs: number;
  readonly traitsOf: (text: string) => StatementTraits | Promise<StatementTraits>;
  readonly onRelease: (error: Error | undefined) => void;
}

type Step =
  | {
      readonly kind: "statement";
      readonly query: QueryArguments;
      readonly onDone: (error: Error | undefined, result: Outcome["result"]) => void;
    }
  | { readonly kind: "submittable"; readonly query: Submittable };

/** Events of the connection that the client's user may listen to. */
const forwarded = ["notification", "notice", "drain", "end"] as const;

export class RoutedClient extends EventEmitter {
  readonly #with: ClientSurroundings;
  readonly #steps: Step[] = [];
  #place: Place | undefined;
  #isBusy = false;
  #isReleased = false;
  #unlisten: (() => void) | undefined;

  constructor(surroundings: ClientSurroundings) {
    super();
    this.#with = surroundings;
  }

  /** As pg's: a text or a config, values, and a callback instead of the promise; or a cursor, a stream of rows, a COPY. */
  query(query: unknown, values?: unknown, callback?: unknown): unknown {
    if (isSubmittable(query)) {
      this.#push({ kind: "submittable", query });
      return query;
    }
    const asked = readArguments(query, values, callback);
    const done = asked.callback;
    if (done !== undefined) {
      this.#push({ kind: "statement", query: asked, onDone: (error, result) => done(error ?? null, result) });
      return undefined;
    }
    return new Promise<Outcome["result"]>((resolve, reject) => {
      const onDone = (error: Error | undefined, result: Outcome["result"]): void =>
        error === undefined ? resolve(result) : reject(error);
      this.#push({ kind: "statement", query: asked, onDone });
    });
  }

  /** @param error the connection is not used again */
  release(error?: Error | boolean): void {
    if (this.#isReleased) throw new Error("Release called on client which has already been released to the pool.");
    this.#isReleased = true;
    const failure = error === true ? new Error("released with an error") : error === false ? undefined : error;
    if (!this.#isBusy) this.#giveBack(failure === undefined);
    for (const step of this.#steps.splice(0)) refuse(step, clientReleased());
    this.#with.onRelease(failure);
  }

  /** Of the backend that it has; `null`: none. */
  get processID(): number | null {
    return (this.#client as { readonly processID?: number | null } | undefined)?.processID ?? null;
  }

  getTransactionStatus(): string | null {
    return this.#client?.getTransactionStatus() ?? null;
  }

  readonly escapeIdentifier = (text: string): string => Client.prototype.escapeIdentifier(text);
  readonly escapeLiteral = (text: string): string => Client.prototype.escapeLiteral(text);

  get #client(): Client | undefined {
    return this.#place?.connection.client;
  }

  #push(step: Step): void {
    if (this.#isReleased) return refuse(step, clientReleased());
    this.#steps.push(step);
    if (!this.#isBusy) this.#next();
  }

  #next(): void {
    const step = this.#steps.shift();
    if (step === undefined) return;
    this.#isBusy = true;
    const text = step.kind === "statement" ? step.query.config.text : step.query.text;
    const traits = typeof text === "string" ? this.#with.traitsOf(text) : unsure;
    if (traits instanceof Promise) void traits.then((known) => this.#begin(step, known));
    else this.#begin(step, traits);
  }

  #begin(step: Step, traits: StatementTraits): void {
    if (this.#place !== undefined && this.#staysHere) {
      if (this.#place.connection.isBroken) return this.#fail(step, connectionLost());
      return this.#send(step, this.#place, traits);
    }
    // Between reads the session may have written elsewhere: where to is decided anew.
    this.#giveBack(true);
    const { router, consistency, session } = this.#with;
    const isRead = traits.access === "read" || traits.transaction === "begin-read-only";
    const signal = step.kind === "statement" ? step.query.signal : undefined;
    const request = {
      mayUseStandby: isRead && consistency !== "strong",
      consistency,
      session,
      since: performance.now(),
      signal,
    };
    new Acquire(router, request, (place, error) => {
      if (place === undefined) return this.#fail(step, error!);
      this.#bind(place);
      this.#send(step, place, traits);
    }).begin();
  }

  /** On the primary always; on a standby while a transaction lasts. */
  get #staysHere(): boolean {
    const { isStandby, connection } = this.#place!;
    return !isStandby || connection.client.getTransactionStatus() !== "I";
  }

  #send(step: Step, place: Place, traits: StatementTraits): void {
    if (step.kind === "submittable") return this.#submit(step.query, place);
    const { config, timeoutMs = this.#with.timeoutMs, signal } = step.query;
    const { connection } = place;
    const isInTransaction = connection.client.getTransactionStatus() !== "I";
    const ends = traits.transaction === "end";
    const isRead = traits.access === "read";
    // Within a transaction nothing is committed; when it ends, whatever it has written is.
    const asksPosition =
      this.#with.router.hasStandbys &&
      !place.isStandby &&
      (isInTransaction ? ends : !isRead && traits.transaction === undefined);
    const sent = new SentStatement(
      connection,
      { config, asksPosition, timeoutMs, signal },
      {
        deadlines: this.#with.router.deadlines,
        onDone: (outcome) => {
          const { session, router } = this.#with;
          if (asksPosition || isRead)
            recordOutcome(router, { place, sentAt: sent.sentAt, outcome, isRead: !asksPosition, session });
          this.#onDone(step, place, outcome);
        },
      },
    );
  }

  /** From here on pg itself keeps the order: a portal may be open until whoever holds it closes it. */
  #submit(query: Submittable, place: Place): void {
    place.connection.stopPipelining();
    (place.connection.client.query as (query: Submittable) => unknown)(query);
    this.#end();
  }

  #onDone(step: Extract<Step, { kind: "statement" }>, place: Place, outcome: Outcome): void {
    const { error, result, cancelled } = outcome;
    const { config, timeoutMs = this.#with.timeoutMs, signal } = step.query;
    if (error === undefined) {
      step.onDone(undefined, result);
      return this.#end();
    }
    const remedy = afterFailure({ error, isRead: false, wasOnStandby: place.isStandby });
    const isBroken = remedy === "unknown";
    if (isBroken || remedy === "other-primary") place.node.suspect(error);
    if (cancelled === "aborted") return this.#fail(step, signal!.reason as Error);
    if (cancelled === "late") return this.#fail(step, statementTimedOut(timeoutMs, error));
    this.#fail(step, isBroken ? outcomeUnknown(config.text.slice(0, 200), error) : error);
  }

  #fail(step: Step, error: Error): void {
    refuse(step, error);
    this.#end();
  }

  #end(): void {
    this.#isBusy = false;
    if (this.#isReleased) this.#giveBack(true);
    else this.#next();
  }

  #bind(place: Place): void {
    this.#place = place;
    const { client } = place.connection;
    const listeners = forwarded.map(
      (event) => [event, (...values: unknown[]) => void this.emit(event, ...values)] as const,
    );
    const onError = (error: Error): void => void (this.listenerCount("error") > 0 && this.emit("error", error));
    for (const [event, listener] of listeners) client.on(event as "end", listener);
    client.on("error", onError);
    this.#unlisten = () => {
      for (const [event, listener] of listeners) client.off(event, listener);
      client.off("error", onError);
    };
  }

  #giveBack(isSound: boolean): void {
    const place = this.#place;
    if (place === undefined) return;
    this.#place = undefined;
    this.#unlisten?.();
    const { connection, node } = place;
    // A transaction that nobody ended must not go on for the next one.
    const mayGoOn = isSound && connection.client.getTransactionStatus() === "I";
    if (mayGoOn && connection.isPipelining) node.pool.release(connection);
    else if (mayGoOn) void connection.resumePipelining().then((isIdle) => node.pool.release(connection, isIdle));
    else node.pool.release(connection, false);
  }
}

function refuse(step: Step, error: Error): void {
  if (step.kind === "statement") return step.onDone(error, undefined as never);
  const { query } = step as { readonly query: { readonly handleError?: (error: Error, connection: unknown) => void } };
  query.handleError?.(error, undefined);
}
