import type { AnswerHead, AnswerTaker, ConnectionFailure, UpstreamConnection } from "../../http/index.ts";

interface Begun {
  readonly head: AnswerHead;
  readonly bytes: Buffer;
  readonly to: number;
}

/**
 * Keeps an answer back until something else has happened: its connection is not read on, and what still comes, because it was read already,
 * is told later.
 *
 * @param isWanted whether whoever waits for it still does
 */
export function holdAnswer(
  until: Promise<void>,
  taker: AnswerTaker,
  connection: UpstreamConnection,
  { head, bytes, to, isWanted }: Begun & { readonly isWanted: () => boolean },
): void {
  const held = new HeldAnswer(taker.isHead);
  connection.handTo(held);
  connection.holdBack();
  const release = (): void => {
    if (!isWanted()) return;
    if (held.isOpen) connection.handTo(taker);
    taker.onAnswer(head, bytes, to);
    connection.resume();
    held.tell(taker);
  };
  until.then(release, release);
}

class HeldAnswer implements AnswerTaker {
  readonly isHead: boolean;
  #trailers: string | undefined = undefined;
  #failure: ConnectionFailure | undefined = undefined;

  constructor(isHead: boolean) {
    this.isHead = isHead;
  }

  /** Neither its end has come, nor its failure. */
  get isOpen(): boolean {
    return this.#trailers === undefined && this.#failure === undefined;
  }

  tell(taker: AnswerTaker): void {
    if (this.#trailers !== undefined) taker.onComplete(this.#trailers);
    else if (this.#failure !== undefined) taker.onFailed(this.#failure);
  }

  onConnected(): void {}

  onInformation(): void {}

  onAnswer(): void {}

  onBody(): void {}

  onComplete(trailers: string): void {
    this.#trailers = trailers;
  }

  onFailed(failure: ConnectionFailure): void {
    this.#failure = failure;
  }
}
