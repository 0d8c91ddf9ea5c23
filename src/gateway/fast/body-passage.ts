import { type AnswerHead, answerFields, type UpstreamConnection } from "../../http/index.ts";
import { planCoding } from "../compression/coding-plan.ts";
import type { Course } from "../course.ts";
import type { BodyPassage } from "./answer-passing.ts";
import type { FastExchangeHost } from "./fast-exchange-host.ts";
import type { FastRequest } from "./fast-request.ts";

/** Whose answer came how. */
export interface Arrival {
  readonly request: FastRequest;
  readonly course: Course;
  readonly connection: UpstreamConnection;
  readonly host: FastExchangeHost;
  readonly isLast: boolean;
}

/** How an answer passes to its client. @param head as it came, in `bytes` */
export function passageOf(head: AnswerHead, bytes: Buffer, arrival: Arrival): BodyPassage {
  const { request, course, host, isLast } = arrival;
  const { framing, isComplete } = arrival.connection;
  const { compression } = host.plane.snapshot.settings;
  const plan =
    compression.of === "everything"
      ? planCoding(request, head.status, answerFields(bytes, head), compression)
      : undefined;
  return {
    requestId: request.requestId,
    cookie: course.service!.stickyCookie(request, course.upstream!, request.isSecure),
    cacheStatus: course.passedStatus,
    lines: host.ownLines(isLast),
    isChunked: framing === "chunked" || framing === "close",
    fields: plan?.fields,
    coding: plan?.coding,
    isWhole: isComplete,
    framing,
  };
}
