import {
  answerText,
  type AskedOrigin,
  chunkText,
  headText,
  startToldOrigin,
  type ToldOrigin,
} from "../../../support/cache/told-origin.ts";
import { type Field, valuesOf } from "../../../support/wire/message.ts";
import { mark } from "./marker.ts";

/**
 * Tells everybody something of his own: who that is, the fields say that he is known by; who is known by none is a new visitor each
 * time.
 */
export class PersonalOrigin implements AsyncDisposable {
  /** `slow`: the head and half of the body at once. What is not sent at once waits for `release`. */
  pace: "at once" | "held" | "slow" = "at once";
  /** It ends every connection on which it is asked something. */
  isDown = false;
  framing: "length" | "chunked" | "close" = "length";
  asked = 0;
  readonly #knownBy: readonly string[];
  readonly #says: (of: string) => readonly Field[];
  #told: ToldOrigin | undefined;
  readonly #waiting: (() => void)[] = [];

  /** @param says of each answer, beside what it tells */
  constructor(knownBy: readonly string[], says: (of: string) => readonly Field[]) {
    this.#knownBy = knownBy;
    this.#says = says;
  }

  async start(): Promise<void> {
    this.#told = await startToldOrigin((exchange) => this.#answer(exchange));
  }

  get port(): number {
    return this.#told!.port;
  }

  /** Requests that wait for an answer, or for the rest of one. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** The oldest so many, or all. */
  release(count = Infinity): void {
    for (const go of this.#waiting.splice(0, count)) go();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#told?.[Symbol.asyncDispose]();
  }

  #answer(exchange: AskedOrigin): void {
    this.asked++;
    if (this.isDown) return exchange.destroy();
    const of = userOf(exchange, this.#knownBy) ?? `visitor-${this.asked}`;
    const { first, rest } = answerFor(exchange, of, { says: this.#says, framing: this.framing });
    const isLast = this.framing === "close";
    const finish = (): void => {
      exchange.write(rest);
      if (isLast) exchange.end();
    };
    if (this.pace === "held") return void this.#waiting.push(() => (exchange.write(first), finish()));
    exchange.write(first);
    if (this.pace === "at once") finish();
    else this.#waiting.push(finish);
  }
}

/** The same in any of the fields that users are known by here. */
function userOf({ request }: AskedOrigin, knownBy: readonly string[]): string | undefined {
  for (const name of knownBy) {
    const value = valuesOf(request.fields, name).join(", ");
    const [, user] = /\buser[= ](\w+)/.exec(value) ?? [];
    if (user !== undefined) return user;
    if (name === "x-forwarded-for" && value !== "") return `at-${value.replaceAll(".", "-")}`;
  }
  return undefined;
}

function answerFor(
  { request }: AskedOrigin,
  of: string,
  { says, framing }: { says: (of: string) => readonly Field[]; framing: PersonalOrigin["framing"] },
): { first: string; rest: string } {
  const own: Field[] = [...says(of), ["X-Of", mark(of)]];
  const halves = [`${mark(of)} ${"x".repeat(500)}`, `${"y".repeat(500)} ${mark(of)}`] as const;
  const method = request.start[0];
  const tag = valuesOf(own, "etag")[0];
  if (tag !== undefined && valuesOf(request.fields, "if-none-match").join().includes(tag))
    return { first: headText(304, own), rest: "" };
  if (method === "HEAD") return { first: headText(200, [...own, ["Content-Length", "1"]]), rest: "" };
  if (framing === "chunked")
    return {
      first: headText(200, [...own, ["Transfer-Encoding", "chunked"]]) + chunkText(halves[0]),
      rest: `${chunkText(halves[1])}0\r\n\r\n`,
    };
  if (framing === "close") return { first: headText(200, own) + halves[0], rest: halves[1] };
  const whole = answerText(200, own, halves.join(""));
  return { first: whole.slice(0, whole.length - halves[1].length), rest: halves[1] };
}
