import { setTimeout as delay } from "node:timers/promises";
import { backoffMs } from "../../kernel/index.ts";
import { limitStoreAway, limitStoreLate } from "./errors.ts";

/** A connection that is there. */
export interface Link<T> {
  /** What is asked. */
  readonly to: T;
  /** Resolves when it is lost, by itself or closed; with the reason. */
  readonly lost: Promise<string>;
  close(): void;
}

export interface KeptConnectionOptions<T> {
  /** How the other end is called in messages; holds no secret. */
  readonly where: string;
  /** What is not answered by then has failed. */
  readonly deadlineMs: number;
  /** @throws with a message that holds no secret; when the signal is aborted, nothing of it is left */
  connect(signal: AbortSignal): Promise<Link<T>>;
}

/**
 * A connection that is made in the background, and made again whenever it is lost. What is asked while there is
 * none fails at once, but for what comes before the first attempt has ended: that waits for it, as a process that starts is no reason to decide
 * without the others. What is not answered in time fails then. What this process was busy with itself is not the other end's time: it listens for
 * half of the deadline, at least, and to what has arrived meanwhile. An other end that takes connections and answers nothing (it hangs, or is
 * paused, or the network has lost it) is connected to anew, since its old connection may never say that it is gone.
 */
export class KeptConnection<T> {
  /** Resolves when there is a connection for the first time. */
  readonly connected: Promise<void>;
  readonly #options: KeptConnectionOptions<T>;
  readonly #stopping = new AbortController();
  /** Resolves when the first attempt to connect has ended; `undefined`: it has. */
  #first: Promise<void> | undefined;
  #link: Link<T> | undefined;
  #whyAway = "not connected yet";
  /** Of the oldest question since which nothing was heard. */
  #unheardSince: number | undefined;

  constructor(options: KeptConnectionOptions<T>) {
    this.#options = options;
    const connected = Promise.withResolvers<void>();
    const first = Promise.withResolvers<void>();
    this.connected = connected.promise;
    this.#first = first.promise.then(() => (this.#first = undefined));
    void this.#keepConnected(connected.resolve, first.resolve);
  }

  /** @throws LIMITS_STORE_AWAY at once, or when the first attempt has taken too long, LIMITS_STORE_LATE after the deadline, or what `question` throws */
  ask<A>(question: (to: T) => Promise<A>): Promise<A> {
    const { where, deadlineMs } = this.#options;
    const link = this.#link;
    if (link === undefined && this.#first !== undefined) return this.#askFirst(question, this.#first);
    if (link === undefined) return Promise.reject(limitStoreAway(where, this.#whyAway));
    this.#unheardSince ??= performance.now();
    // A promise of its own, not a race of several: this is asked for each decision.
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#doubt(link);
        reject(limitStoreLate(where, deadlineMs));
      };
      let timer = setTimeout(() => {
        timer = setTimeout(() => setImmediate(giveUp), deadlineMs / 2);
      }, deadlineMs / 2);
      question(link.to).then(
        (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        (error: Error) => {
          clearTimeout(timer);
          reject(error);
        },
      );
    });
  }

  /** The other end has said something. */
  heard(): void {
    this.#unheardSince = undefined;
  }

  stop(): void {
    this.#stopping.abort();
    this.#lose(this.#link, "this process ends");
  }

  async #askFirst<A>(question: (to: T) => Promise<A>, first: Promise<void>): Promise<A> {
    const { where, deadlineMs } = this.#options;
    const isOver = new AbortController();
    await Promise.race([first, delay(deadlineMs, undefined, { signal: isOver.signal })]);
    isOver.abort();
    if (this.#link === undefined) throw limitStoreAway(where, this.#whyAway);
    return this.ask(question);
  }

  async #keepConnected(onConnected: () => void, onTried: () => void): Promise<void> {
    const { signal } = this.#stopping;
    let attempt = 0;
    while (!signal.aborted) {
      try {
        const link = await this.#options.connect(AbortSignal.any([signal, AbortSignal.timeout(connectWithinMs)]));
        attempt = 0;
        this.#unheardSince = undefined;
        this.#link = link;
        onConnected();
        onTried();
        this.#lose(link, await link.lost);
      } catch (error) {
        this.#whyAway = (error as Error).message;
        onTried();
      }
      await delay(backoffMs(++attempt, backoff), undefined, { signal }).catch(() => undefined);
    }
  }

  #doubt(link: Link<T>): void {
    const since = this.#unheardSince;
    if (since !== undefined && performance.now() - since >= silentAfterMs) this.#lose(link, "it has stopped answering");
  }

  #lose(link: Link<T> | undefined, why: string): void {
    if (link === undefined || this.#link !== link) return;
    this.#link = undefined;
    this.#whyAway = why;
    link.close();
  }
}

const backoff = { baseMs: 20, maxMs: 1_000 };
const connectWithinMs = 2_000;
/** Several deadlines, and more than a slow moment. */
const silentAfterMs = 1_000;
