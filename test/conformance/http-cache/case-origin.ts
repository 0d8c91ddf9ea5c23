import type { ManualClock } from "../../../src/kernel/index.ts";
import { type AskedOrigin, chunkText, headText, startToldOrigin } from "../../support/cache/told-origin.ts";
import { type Field, valuesOf, type WireMessage } from "../../support/wire/message.ts";
import type { Fields, OriginAnswer } from "./cache-case.ts";

/** What is sent here is answered alike always, and is no part of a case: when its answer has come, all that was asked before has come too. */
export const barrier = "/barrier";

export interface CaseOrigin extends AsyncDisposable {
  readonly port: number;
  /** What is said from now on, to whatever is asked; not before `release`, if it is held back. */
  say(answer: OriginAnswer & { readonly body: string }, isHeldBack: boolean): void;
  release(): void;
  /** Since the last `say`. */
  readonly asked: readonly WireMessage[];
  /** Of these, how many were told that what they have is still good. */
  readonly confirmed: number;
}

/** An origin that answers as a case says. Like a real one it says 304 to who has what it would send, and whole answers to who asks for no condition. */
export async function startCaseOrigin(clock: ManualClock): Promise<CaseOrigin> {
  let said: OriginAnswer & { readonly body: string } = { body: "" };
  let held: (() => void)[] | undefined;
  let asked: WireMessage[] = [];
  let confirmed = 0;
  const origin = await startToldOrigin((exchange) => {
    const { request, target } = exchange;
    if (target === barrier) return exchange.write("HTTP/1.1 204 Here\r\n\r\n");
    asked.push(request);
    if (said.takes !== undefined) clock.advance(said.takes * 1_000);
    const fields = valuesAt(said.fields ?? [], clock.now());
    const status = statusFor(request, said.status ?? 200, fields);
    if (status === 304) confirmed++;
    const { body } = said;
    const say = answer.bind(undefined, exchange, { ...said, status }, { fields, body });
    if (held === undefined) say();
    else held.push(say);
  });
  return {
    port: origin.port,
    say(answer, isHeldBack) {
      said = answer;
      held = isHeldBack ? [] : undefined;
      asked = [];
      confirmed = 0;
    },
    release() {
      for (const say of held ?? []) say();
      held = undefined;
    },
    get asked() {
      return asked;
    },
    get confirmed() {
      return confirmed;
    },
    [Symbol.asyncDispose]: () => origin[Symbol.asyncDispose](),
  };
}

export function valuesAt(fields: Fields, now: number): Field[] {
  return fields.map(([name, value]) => [name, typeof value === "string" ? value : value(now)]);
}

function answer(
  exchange: AskedOrigin,
  { status = 200, framing = "length", breaks, interim = [] }: OriginAnswer,
  { fields, body }: { fields: readonly Field[]; body: string },
): void {
  if (breaks === "at once") return exchange.destroy();
  for (const each of interim) exchange.write(headText(each.status, valuesAt(each.fields, 0)));
  const isBodiless = status === 204 || status === 304;
  const framed: Field[] =
    isBodiless || framing === "close"
      ? []
      : framing === "chunked"
        ? [["Transfer-Encoding", "chunked"]]
        : [["Content-Length", String(body.length)]];
  exchange.write(headText(status, [...fields, ...framed]));
  const half = Math.ceil(body.length / 2);
  const pieces = breaks === undefined ? [body.slice(0, half), body.slice(half)] : [body.slice(0, half)];
  if (!isBodiless && exchange.request.start[0] !== "HEAD")
    for (const piece of pieces.filter(({ length }) => length > 0))
      exchange.write(framing === "chunked" ? chunkText(piece) : piece);
  if (breaks !== undefined) return exchange.end();
  if (framing === "chunked" && !isBodiless && exchange.request.start[0] !== "HEAD") exchange.write("0\r\n\r\n");
  if (framing === "close") exchange.end();
}

function statusFor({ fields: asked }: WireMessage, status: number, fields: readonly Field[]): number {
  const tags = valuesOf(asked, "if-none-match").join(", ");
  const [since] = valuesOf(asked, "if-modified-since");
  const isConditional = tags !== "" || since !== undefined;
  if (status === 304) return isConditional ? 304 : 200;
  if (status !== 200 || !isConditional) return status;
  const [etag] = valuesOf(fields, "etag");
  if (tags !== "") return etag !== undefined && strong(tags).includes(strong(etag)) ? 304 : 200;
  const [modified] = valuesOf(fields, "last-modified");
  return modified !== undefined && Date.parse(modified) <= Date.parse(since!) ? 304 : 200;
}

function strong(tags: string): string {
  return tags.replaceAll("W/", "");
}
