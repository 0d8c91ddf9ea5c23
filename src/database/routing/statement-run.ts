/**
 * A statement's way, from when it is asked until it is answered: to a place ({@link Acquire}), there and back ({@link SentStatement}); and if it failed, whatever
 * {@link afterFailure} says.
 */
import type { DatabaseNode } from "../cluster/node.ts";
import type { Consistency } from "../consistency.ts";
import { outcomeUnknown, readWrites, statementTimedOut } from "../errors.ts";
import type { Session } from "../sessions/session.ts";
import { Acquire, type Place } from "./acquire.ts";
import { afterFailure } from "./after-failure.ts";
import { recordOutcome } from "./record-outcome.ts";
import type { Router } from "./router.ts";
import { type Outcome, SentStatement, type StatementConfig } from "./sent-statement.ts";

export interface StatementCall {
  readonly config: StatementConfig;
  /** Known to read only: it may go to a standby, and be repeated. */
  readonly isRead: boolean;
  /** It may leave something on its connection: if it fails, nobody else gets that. */
  readonly needsSession: boolean;
  /** Whoever asks says that it reads: it is not quietly done as a write. */
  readonly isDeclaredRead: boolean;
  readonly consistency: Consistency;
  readonly session: Session<DatabaseNode>;
  /** 0: it may take any time. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onDone: (error: Error | undefined, result: Outcome["result"]) => void;
}

const maxAttempts = 4;

export class StatementRun {
  readonly #router: Router;
  readonly #call: StatementCall;
  readonly #since = performance.now();
  #isRead: boolean;
  #mayUseStandby: boolean;
  #attempts = 0;

  constructor(router: Router, call: StatementCall) {
    this.#router = router;
    this.#call = call;
    this.#isRead = call.isRead;
    this.#mayUseStandby = call.isRead && call.consistency !== "strong";
  }

  begin(): void {
    this.#attempts++;
    const { consistency, session, signal } = this.#call;
    const request = { mayUseStandby: this.#mayUseStandby, consistency, session, since: this.#since, signal };
    new Acquire(this.#router, request, (place, error) => {
      if (place === undefined) this.#fail(error!);
      else this.#send(place);
    }).begin();
  }

  #send(place: Place): void {
    const { config, timeoutMs, signal } = this.#call;
    const asksPosition = !this.#isRead && this.#router.hasStandbys;
    const sent = new SentStatement(
      place.connection,
      { config, asksPosition, timeoutMs, signal },
      { deadlines: this.#router.deadlines, onDone: (outcome) => this.#onDone(place, sent.sentAt, outcome) },
    );
  }

  #onDone(place: Place, sentAt: number, outcome: Outcome): void {
    const { error, result } = outcome;
    recordOutcome(this.#router, { place, sentAt, outcome, isRead: this.#isRead, session: this.#call.session });
    if (error !== undefined) return this.#onError(place, outcome, error);
    // Whoever begins a transaction without a client of his own cannot go on with it.
    const isIdle = place.connection.client.getTransactionStatus() === "I";
    place.node.pool.release(place.connection, isIdle);
    this.#call.onDone(undefined, result);
  }

  #onError({ node, connection, isStandby }: Place, { cancelled, result }: Outcome, error: Error): void {
    const { isDeclaredRead, needsSession, config, timeoutMs, signal } = this.#call;
    const remedy = afterFailure({ error, isRead: this.#isRead, wasOnStandby: isStandby });
    const isBroken = remedy === "again" || remedy === "unknown";
    node.pool.release(connection, !isBroken && !needsSession);
    if (isBroken || remedy === "other-primary") node.suspect(error);
    if (cancelled === "aborted") return this.#fail(signal!.reason as Error);
    if (cancelled === "late") return this.#fail(statementTimedOut(timeoutMs, error));
    if (remedy === "unknown") return this.#fail(outcomeUnknown(config.text.slice(0, 200), error));
    if (remedy === "writes" && isDeclaredRead) return this.#fail(readWrites(config.text));
    const isOver = this.#attempts >= maxAttempts || performance.now() - this.#since > this.#router.options.waitMs;
    if (remedy === "none" || isOver) return this.#call.onDone(error, result);
    if (remedy === "writes") {
      this.#router.book.correct(config.text);
      this.#isRead = false;
    }
    if (remedy !== "again") this.#mayUseStandby = false;
    if (remedy === "other-primary") void node.ask().then(() => this.begin());
    else this.begin();
  }

  #fail(error: Error): void {
    this.#call.onDone(error, undefined as never);
  }
}
