import type { AnswerHead } from "./answer-head.ts";

export type ConnectionFailure =
  /** It could not be made. */
  | "connect"
  /** It ended before a byte of the answer, after it had served others: the request was most likely never seen. */
  | "stale"
  /** It ended before the head of the answer was whole. */
  | "reset"
  /** What came is not HTTP. */
  | "malformed"
  /** It ended, or what came was malformed, in the body. */
  | "body";

/** Whoever waits for an answer. Hears nothing any more once the answer is complete, it has failed, or was given up. */
export interface AnswerTaker {
  /** To HEAD there is no body, whatever the head says. */
  readonly isHead: boolean;
  onConnected(): void;
  /** Status 1xx. */
  onInformation(head: AnswerHead, bytes: Buffer): void;
  /** The head, and what has come of the body: the bytes from `head.end` to `to`. */
  onAnswer(head: AnswerHead, bytes: Buffer, to: number): void;
  onBody(bytes: Buffer, from: number, to: number): void;
  /** `trailers`: field lines with their CRLF; the empty line behind them is still to be sent if there are any. */
  onComplete(trailers: string): void;
  onFailed(failure: ConnectionFailure): void;
}

/** In the place of one who waits no more, while what comes before and behind is still wanted. */
export const nobody: AnswerTaker = {
  isHead: false,
  onConnected: () => undefined,
  onInformation: () => undefined,
  onAnswer: () => undefined,
  onBody: () => undefined,
  onComplete: () => undefined,
  onFailed: () => undefined,
};
export const nobodyForHead: AnswerTaker = { ...nobody, isHead: true };

export function isNobody(taker: AnswerTaker): boolean {
  return taker === nobody || taker === nobodyForHead;
}
