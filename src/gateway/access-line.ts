import type { Course } from "./course.ts";

/** What the access log says of a request. */
export interface LoggedRequest {
  readonly requestId: string;
  readonly method: string;
  /** As sent: what an attacker wrote is what one wants to read. */
  readonly rawTarget: string;
  readonly host: string;
  readonly clientAddress: string;
}

/**
 * One request and its course as a line of JSON, made by hand: `JSON.stringify` of an object costs several times as much. The path stands
 * without its query, which may carry tokens.
 */
export function accessLine(request: LoggedRequest, course: Course, now: number, durationMs: number): string {
  const { service, upstream, cache, error } = course;
  return (
    `{"time":"${isoTime(now)}","requestId":${quote(request.requestId)},"method":${quote(request.method)}` +
    `,"path":${quote(withoutQuery(request.rawTarget))},"host":${quote(request.host)},"status":${course.status}` +
    `,"durationMs":${inMs(durationMs)},"upstreamMs":${inMs(course.upstreamMs)}` +
    (service === undefined ? "" : `,"service":${quote(service.name)}`) +
    (upstream === undefined ? "" : `,"upstream":${quote(upstream.id)}`) +
    (cache === undefined ? "" : `,"cache":"${cache}"`) +
    `,"attempts":${course.attempts},"bytesIn":${course.bytesIn},"bytesOut":${course.bytesOut}` +
    `,"client":${quote(request.clientAddress)}${error === undefined ? "" : `,"error":${quote(error)}`}}`
  );
}

let lastMs = 0;
let lastText = "";

/** Many requests end in one millisecond. */
function isoTime(now: number): string {
  if (now !== lastMs) {
    lastMs = now;
    lastText = new Date(now).toISOString();
  }
  return lastText;
}

const needsEscape = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;

/** In ASCII alone: `JSON.stringify` leaves control characters above 127 alone, which terminals obey too. */
function quote(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`;
  return JSON.stringify(text).replaceAll(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const thousandths = Array.from({ length: 1_000 }, (_, i) => String(i).padStart(3, "0"));

/** To the microsecond. Put together of whole numbers, since the shortest decimal of a fraction is long in the making. */
function inMs(ms: number): string {
  const micros = Math.round(ms * 1_000);
  return `${Math.floor(micros / 1_000)}.${thousandths[micros % 1_000]}`;
}

function withoutQuery(target: string): string {
  const query = target.indexOf("?");
  return query === -1 ? target : target.slice(0, query);
}
