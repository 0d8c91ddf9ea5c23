import { type ContentCoding, readResponseHead } from "../http/index.ts";
import type { ResolvedCompression } from "../config/index.ts";
import { planCoding } from "./compression/coding-plan.ts";
import type { Course } from "./course.ts";
import type { InboundRequest } from "./inbound-request.ts";

/** An upstream's answer as the full path gives it to a client. */
export interface PassedAnswer {
  readonly fields: string[];
  /** Of the body; -1: not known, or there is none. */
  readonly length: number;
  /** What its body is to be coded in. */
  readonly coding: ContentCoding | undefined;
}

/** @param raw as it came: name, value, name, value */
export function passAnswer(
  { request, course }: { readonly request: InboundRequest; readonly course: Course },
  status: number,
  raw: readonly (Buffer | string)[],
  compression: ResolvedCompression,
): PassedAnswer {
  const isBodiless = request.method === "HEAD" || status === 204 || status === 304;
  const plan = planCoding(request, status, raw, compression);
  const kind = { status, keepTrailer: request.isHttp11 && !isBodiless };
  const { fields, contentLength } = readResponseHead(plan?.fields ?? raw, request.requestId, kind);
  const cookie = course.service!.stickyCookie(request, course.upstream!, request.isSecure);
  if (cookie !== undefined) fields.push("Set-Cookie", cookie);
  if (course.passedStatus !== undefined) fields.push("Cache-Status", course.passedStatus);
  return {
    fields,
    length: isBodiless ? -1 : (plan?.length ?? Number(contentLength ?? -1)),
    coding: isBodiless ? undefined : plan?.coding,
  };
}
