import type { AnswerTaker, Problem, UpstreamConnection } from "../../http/index.ts";
import type { KeyedRequest } from "../balancing/request-key.ts";
import type { Course } from "../course.ts";
import type { PlacedRequest, PlaceTaker } from "../overload/place.ts";
import type { Upstream } from "../upstream.ts";

/** `fresh`: on a new connection; `shared`: with others of this turn, if the upstream is one for that. */
export type SendingKind = "ordinary" | "fresh" | "shared";

/** Where a request is: the connection that its current attempt is on. Given back once, however the attempt ends. */
export class Sending {
  connection: UpstreamConnection | undefined = undefined;
  readonly #course: Course;
  readonly #taker: AnswerTaker & PlaceTaker;
  readonly #onReleased: (upstream: Upstream) => void;

  constructor(course: Course, taker: AnswerTaker & PlaceTaker, onReleased: (upstream: Upstream) => void) {
    this.#course = course;
    this.#taker = taker;
    this.#onReleased = onReleased;
  }

  get upstream(): Upstream | undefined {
    return this.connection === undefined ? undefined : this.#course.upstream;
  }

  /** To the next upstream. @param text the request, or its beginning, as latin1 @returns as `Course.choose` */
  send(
    request: KeyedRequest & PlacedRequest,
    text: () => string,
    kind: SendingKind,
    isWhole: boolean,
  ): Problem | "waiting" | undefined {
    const course = this.#course;
    const problem = course.choose(request, this.#taker);
    if (problem !== undefined) return problem;
    const upstream = course.upstream!;
    const connection = upstream.send(this.#taker, text(), kind === "shared" && !upstream.isShared ? "ordinary" : kind);
    this.connection = connection;
    if (isWhole && !connection.isPending) course.sentAt = course.attemptedAt;
    return undefined;
  }

  abandon(): void {
    if (this.connection === undefined) return;
    this.connection.abandon(this.#taker);
    this.release();
  }

  release(): void {
    const connection = this.connection!;
    const upstream = this.#course.upstream!;
    this.connection = undefined;
    upstream.release(connection);
    this.#onReleased(upstream);
  }
}
