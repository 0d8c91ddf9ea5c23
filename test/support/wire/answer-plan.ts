import { valuesOf, type WireMessage } from "./message.ts";

/** How an origin answers one request. */
export interface AnswerPlan {
  readonly status: number;
  readonly reason: string;
  /** Field lines, as they are. */
  readonly fields: readonly string[];
  readonly framing: "length" | "chunked" | "close";
  /** Follows a line that says which request it answers. */
  readonly body: string;
  readonly trailers: readonly string[];
  /** Statuses of the answers before the answer. */
  readonly before: readonly number[];
  /** Where it is cut into pieces that are written in turns of their own; beyond the end, without effect. */
  readonly cuts: readonly number[];
  /** Says Connection: close, and closes. */
  readonly closes: boolean;
  /** Whether it waits for the whole request, or only for its head, or for ever. */
  readonly at: "end" | "head" | "never";
  /** Sent instead of all that: for origins that are broken. The connection then stays open, unless `closes`. */
  readonly raw?: string;
}

export const plainAnswer: AnswerPlan = {
  status: 200,
  reason: "OK",
  fields: [],
  framing: "length",
  body: "",
  trailers: [],
  before: [],
  cuts: [],
  closes: false,
  at: "end",
};

/** The request's number within its case: says which plan it gets, and is said again by the answer. */
export function numberOf({ fields }: WireMessage): number {
  return Number(/^\d+$/.exec(valuesOf(fields, "x-n")[0] ?? "0")?.[0] ?? 0);
}

/** Marks answers that come from an origin, not from the gateway. */
export const originMark = "X-Origin";

/** Pieces in the order of writing. */
export function renderAnswer(plan: AnswerPlan, request: WireMessage): string[] {
  if (plan.raw !== undefined) return cutAt(plan.raw, plan.cuts);
  const [method, target] = request.start;
  const status = plan.status === 101 ? 200 : plan.status;
  const isBodiless = method === "HEAD" || status === 204 || status === 304;
  const body = `${method} ${target} ${numberOf(request)}\n${plan.body}`;
  const lines = [`HTTP/1.1 ${status} ${plan.reason}`, `${originMark}: ${numberOf(request)}`, ...plan.fields];
  // An answer that ends with its connection says so, whatever the plan says of closing.
  if (plan.closes || plan.framing === "close") lines.push("Connection: close");
  if (plan.framing === "length" && status !== 204) lines.push(`Content-Length: ${body.length}`);
  if (plan.framing === "chunked" && status !== 204) lines.push("Transfer-Encoding: chunked");
  const before = plan.before.map((each) => `HTTP/1.1 ${each} Wait\r\n${originMark}: ${each}\r\n\r\n`).join("");
  const head = `${before}${lines.join("\r\n")}\r\n\r\n`;
  if (isBodiless) return cutAt(head, plan.cuts);
  return cutAt(head + (plan.framing === "chunked" ? chunked(body, plan.trailers) : body), plan.cuts);
}

/** In chunks of several sizes, so that their borders fall anywhere. */
function chunked(body: string, trailers: readonly string[]): string {
  let text = "";
  for (let at = 0, size = 3; at < body.length; at += size, size = size * 3 + 1) {
    const chunk = body.slice(at, at + size);
    text += `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
  }
  return `${text}0\r\n${trailers.map((line) => `${line}\r\n`).join("")}\r\n`;
}

export function cutAt(text: string, cuts: readonly number[]): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const cut of cuts.toSorted((a, b) => a - b)) {
    if (cut <= from || cut >= text.length) continue;
    pieces.push(text.slice(from, cut));
    from = cut;
  }
  pieces.push(text.slice(from));
  return pieces;
}
