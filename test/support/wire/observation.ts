import { originMark } from "./answer-plan.ts";
import { answers, clientRequests } from "./grammar.ts";
import { MessageReader } from "./message-reader.ts";
import { limits } from "./limits.ts";
import { type Field, valuesOf, type WireMessage } from "./message.ts";

/** What could be seen of one case at one gateway, from both of its ends. */
export interface Sighting {
  readonly sent: string;
  readonly received: string;
  readonly isClosed: boolean;
  readonly forwarded: readonly WireMessage[];
  readonly faults: readonly string[];
  /** How often a gateway may send one request, if its origins fail. */
  readonly attempts: number;
}

/** The same in one spelling: two gateways behaved alike if and only if these are equal. */
export interface Observation {
  /** In the order of their text: those of one pipeline travel on several connections, and may overtake each other. */
  readonly forwarded: readonly string[];
  readonly answers: readonly string[];
  readonly isClosed: boolean;
  /** More than one request was sent. */
  readonly isPipeline: boolean;
  /** Behind whole requests came what is none, as far as one can see, or what must not be read any more. */
  readonly isBrokenBehind: boolean;
  /** The last that was sent is the beginning of a head, or was meant to be. */
  readonly isUnfinished: boolean;
  /** What must never be, whatever the other gateway does. */
  readonly faults: readonly string[];
}

export function observe(sighting: Sighting): Observation {
  const sent = new MessageReader(clientRequests).push(sighting.sent);
  const asked = sent.messages;
  const reader = new MessageReader(answers((index) => asked[index]?.start[0] ?? "")).push(sighting.received);
  if (sighting.isClosed) reader.end();
  const faults = [...sighting.faults, ...unasked(asked, sighting)];
  if (reader.fault !== undefined) faults.push(`the client was answered something malformed: ${reader.fault}`);
  const said = reader.messages.map((message) => spell(message, isOwn(message)));
  // Bytes that Node could not parse may have been a HEAD request or not: their refusal has a body in any case.
  if (reader.rest !== "" && !refusalBody.test(reader.rest)) said.push(`an answer's beginning: ${reader.rest}`);
  return {
    forwarded: sighting.forwarded.map((message) => spell(message, false)).toSorted(),
    answers: said,
    isClosed: sighting.isClosed,
    isPipeline: asked.length > 1,
    isBrokenBehind: isBrokenBehind(sent),
    isUnfinished: sent.isUnfinished,
    faults,
  };
}

function isBrokenBehind({ messages, fault, rest }: MessageReader): boolean {
  const whole = messages.filter(({ isComplete }) => isComplete).length;
  if (whole === 0) return false;
  if (whole < messages.length || fault !== undefined || /[^\r\n]/.test(rest)) return true;
  // Chunks may be none for Node in ways in which they are for this project's own, careless reader.
  const last = messages.findIndex(isLast);
  return (
    (last !== -1 && last < messages.length - 1) ||
    messages.slice(1).some((each) => isLarge(each) || each.framing === "chunked")
  );
}

/** It may be too large: every gateway counts in its own way. */
function isLarge({ start, fields }: WireMessage): boolean {
  const bytes = fields.reduce((sum, [name, value]) => sum + name.length + value.length + 4, start[1].length);
  return bytes > limits.maxHeadBytes * 0.8;
}

/** Node ends the connection with the answer to it: the client wishes so, or was not told to go on, or offered another protocol. */
function isLast({ start, fields }: WireMessage): boolean {
  const options = valuesOf(fields, "connection").join(",").toLowerCase();
  return (
    start[2] === "HTTP/1.0" ||
    /(?:^|[\s,])close(?:[\s,]|$)/.test(options) ||
    ["expect", "upgrade"].some((name) => valuesOf(fields, name).length > 0)
  );
}

/** Said by the gateway, not by an origin. */
function isOwn({ fields }: WireMessage): boolean {
  return valuesOf(fields, originMark.toLowerCase()).length === 0;
}

/**
 * Requests that reached the origin, but that no careful reader finds in what the client sent: smuggled ones, sent twice, or with a body
 * that is not theirs. This needs no second gateway to compare with.
 */
function unasked(asked: readonly WireMessage[], { forwarded, attempts }: Sighting): string[] {
  const left = asked.flatMap((request) => Array.from({ length: attempts }, () => request));
  // What is whole finds its own first.
  const inOrder = [...forwarded].toSorted((a, b) => Number(b.isComplete) - Number(a.isComplete));
  return inOrder.flatMap((request) => {
    const index = left.findIndex((each) => isOf(request, each));
    if (index === -1)
      return [`nobody asked for ${request.start.join(" ")} with ${JSON.stringify(request.body.slice(0, 100))}`];
    left.splice(index, 1);
    return [];
  });
}

function isOf(forwarded: WireMessage, asked: WireMessage): boolean {
  const [method, target] = asked.start;
  const path = target.replace(/^https?:\/\/[^/?]*/i, "").replace(/^(?=\?|$)/, "/");
  if (forwarded.start[0] !== method || forwarded.start[1] !== path) return false;
  return forwarded.isComplete
    ? asked.isComplete && asked.body === forwarded.body
    : asked.body.startsWith(forwarded.body);
}

/** Ends what should have gone on. */
export const incomplete = "\n(incomplete)";

/** Between two hops, or of the moment: no part of what is compared. */
const ignored: ReadonlySet<string> = new Set(["connection", "keep-alive", "date"]);
const refusalBody = /^\{"type":"about:blank",[^\n]*\}\n$/;
const generatedId = /\b[0-9a-f]{16}-[0-9a-z]+\b/;
const nothing = /(?!)/;
/** By name: what in a value is another each time. Of a client that names no Host, the origin gets its own address. */
const moment: Readonly<Record<string, RegExp>> = { "x-request-id": generatedId, host: /^127\.0\.0\.1(?::\d+)?$/ };

function spell(message: WireMessage, isOwn: boolean): string {
  const { start, fields, framing, body, trailers, isComplete } = message;
  const text = isOwn ? body.replace(/(?<="requestId":")[^"]*/, "<?>") : body;
  const isAnswer = start[0].startsWith("HTTP/");
  // Reasons say nothing, and undici loses what came in another piece than their end.
  const line = isAnswer ? start.slice(0, 2) : start;
  // No chunk but the last, or no body at all: of a request, that depends on whether its end was there when it was sent on.
  const isEmpty = !isAnswer && isComplete && body === "" && trailers.length === 0;
  // A refusal says an id, the client's or one of the gateway's own, depending on how far it has read.
  const isLeftOut = (name: string): boolean =>
    (isEmpty && name === "transfer-encoding") || (isOwn && (name === "content-length" || name === "x-request-id"));
  const lines = [line.join(" "), ...section(fields, isLeftOut), ""];
  if (framing === "chunked" && !isEmpty) lines.push("(chunked)");
  lines.push(text, ...section(trailers));
  return lines.join("\n") + (isComplete ? "" : incomplete);
}

/** Names in the order of the alphabet, the values of each in their own order. */
function section(fields: readonly Field[], isLeftOut?: (name: string) => boolean): string[] {
  const values = new Map<string, string[]>();
  for (const [name, value] of fields) {
    const lower = name.toLowerCase();
    if (ignored.has(lower) || isLeftOut?.(lower) === true) continue;
    const text = value.replace(moment[lower] ?? nothing, "<?>");
    const known = values.get(lower);
    if (known === undefined) values.set(lower, [text]);
    else known.push(text);
  }
  return [...values].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => `${name}: ${JSON.stringify(each)}`);
}
