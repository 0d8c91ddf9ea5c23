import { ManualClock } from "../../../../src/kernel/index.ts";
import { startCachingGateway } from "../../../support/cache/caching-gateway.ts";
import {
  type AskedOrigin,
  answerText,
  chunkText,
  headText,
  startToldOrigin,
} from "../../../support/cache/told-origin.ts";
import { ClientExchange } from "../../../support/cache/wire-client.ts";
import { type Field, valuesOf } from "../../../support/wire/message.ts";
import { turns } from "../../../support/wire/turns.ts";
import { noon } from "../cache-case.ts";
import type { Course, Event, How } from "./chance.ts";
import { mark, marksIn } from "./marker.ts";
import {
  askingFields,
  type Asking,
  isSecretWithheld,
  mayBeShared,
  saidFields,
  type SaidOfAnswer,
} from "./permission.ts";

interface Told {
  readonly said: SaidOfAnswer;
  /** Number of the client on whose behalf it was fetched. */
  readonly client: number;
  /** Number of the answer that it says to be still good. */
  readonly confirms: number | undefined;
}

interface Client {
  readonly asking: Asking;
  readonly exchange: ClientExchange;
}

export interface Findings {
  readonly rumours: readonly string[];
  readonly shared: number;
}

const rulesByDefault = { key: [], ignoresCookies: false };

/**
 * Lets a course of events happen. Each answer of the origin has a mark of its own, and each client's request says which client it is, so
 * that of all that anybody was told it is known for whom it was fetched.
 *
 * @returns what somebody was told that was not for him, and how often somebody was told what was fetched for another
 */
export async function findRumours({ events, rules, fastPath, last }: Course): Promise<Findings> {
  const clock = new ManualClock(noon);
  const told: Told[] = [];
  const clients: Client[] = [];
  const waiting: AskedOrigin[] = [];
  const unfinished: (() => void)[] = [];
  let isEnding = false;
  const say = (to: AskedOrigin, said: SaidOfAnswer, how: How): void => {
    const number = told.length;
    const client = Number(valuesOf(to.request.fields, "x-client")[0]);
    const [, tag] = /"tag-(\d+)"/.exec(valuesOf(to.request.fields, "if-none-match").join()) ?? [];
    const confirms = said.status !== 200 || tag === undefined ? undefined : Number(tag);
    const base = confirms === undefined ? undefined : told[confirms]?.said;
    told.push({ said: base === undefined ? said : updated(base, said), client, confirms });
    const { now, later, end } = speech(to, said, { number, confirms, how });
    to.write(now);
    if (later !== undefined) unfinished.push(() => to.write(later));
    if (end === "in order") to.end();
    if (end === "broken") to.destroy();
  };
  await using origin = await startToldOrigin((asked) => (isEnding ? say(asked, last, "length") : waiting.push(asked)));
  await using gateway = await startCachingGateway(origin.port, { clock, fastPath, rules });
  const happen: { [K in Event["kind"]]: (event: Extract<Event, { kind: K }>) => void } = {
    ask({ asking, extra }) {
      const fields = [["X-Client", String(clients.length)] as const, ...askingFields(asking), ...extras[extra]];
      clients.push({ asking, exchange: new ClientExchange(gateway.port, { method: asking.method, fields }) });
    },
    answer({ which, said, how }) {
      const [to] = waiting.splice(which % Math.max(1, waiting.length), 1);
      if (to !== undefined) say(to, said, how);
    },
    "go on"() {
      for (const finish of unfinished.splice(0)) finish();
    },
    leave({ which }) {
      clients[which % Math.max(1, clients.length)]?.exchange.leave();
    },
    "time passes"({ seconds }) {
      clock.advance(seconds * 1_000);
    },
  };
  for (const event of events) {
    happen[event.kind](event as never);
    await turns(6);
  }
  isEnding = true;
  for (const finish of unfinished.splice(0)) finish();
  for (const to of waiting.splice(0)) say(to, last, "length");
  for (const { exchange } of clients) await exchange.whole().catch(() => undefined);
  const found = clients.map((client, number) => rumoursOf(client, number, { told, clients, rules }));
  return {
    rumours: found.flatMap(({ rumours }) => rumours),
    shared: found.reduce((sum, { shared }) => sum + shared, 0),
  };
}

const extras: Readonly<Record<Extract<Event, { kind: "ask" }>["extra"], readonly Field[]>> = {
  none: [],
  range: [["Range", "bytes=0-20"]],
  condition: [["If-None-Match", '"tag-0"']],
  "no-cache": [["Pragma", "no-cache"]],
};

interface Speech {
  readonly now: string;
  /** What follows some time later. */
  readonly later?: string;
  /** How the connection ends, if it does. */
  readonly end?: "in order" | "broken";
}

function speech(
  { request }: AskedOrigin,
  said: SaidOfAnswer,
  { number, confirms, how }: { number: number; confirms: number | undefined; how: How },
): Speech {
  const of = `answer-${number}`;
  const tag: Field = ["ETag", `"tag-${confirms ?? number}"`];
  const fields: Field[] = [...saidFields(said, of), tag, ["X-Of", mark(of)], ["X-Secret", mark(`secret-${of}`)]];
  const body = `${mark(of)} and so on, until the end ${mark(of)}`;
  if (how === "break") return { now: "", end: "broken" };
  if (confirms !== undefined) return { now: headText(304, fields) };
  if (request.start[0] === "HEAD") return { now: headText(said.status, [...fields, ["Content-Length", "9"]]) };
  if (how === "close") return { now: headText(said.status, fields) + body, end: "in order" };
  const chunked: Field = ["Transfer-Encoding", "chunked"];
  if (how === "chunked") return { now: `${headText(said.status, [...fields, chunked])}${chunkText(body)}0\r\n\r\n` };
  const text = answerText(said.status, fields, body);
  return how === "half" ? { now: text.slice(0, -20), later: text.slice(-20) } : { now: text };
}

/** What is said of a stored answer when it is said to be still good (RFC 9111 §3.2): of each field, what was said last. */
function updated(base: SaidOfAnswer, by: SaidOfAnswer): SaidOfAnswer {
  return {
    directives: by.directives.length > 0 ? by.directives : base.directives,
    targeted: by.targeted ?? base.targeted,
    vary: by.vary.length > 0 ? by.vary : base.vary,
    setsCookie: by.setsCookie,
    status: base.status,
  };
}

function rumoursOf(
  { asking, exchange }: Client,
  number: number,
  { told, clients, rules }: { told: readonly Told[]; clients: readonly Client[]; rules: Course["rules"] },
): Findings {
  const { answer } = exchange;
  if (answer === undefined) return { rumours: [], shared: 0 };
  const mayKnow = (of: number, isSecret: boolean): boolean => {
    const { said, client } = told[of]!;
    if (client === number) return true;
    const toldTo = { ...clients[client]!.asking, method: "GET" };
    const isShared = mayBeShared(said, { toldTo, other: asking }, { ...rulesByDefault, ...rules });
    if (isShared && !(isSecret && isSecretWithheld(said))) return true;
    // Or what was said of it later permits it.
    return told.some(({ confirms }, later) => confirms === of && !isSecret && mayKnow(later, false));
  };
  const heard = [...marksIn(answer)].map((mark) => ({ mark, of: Number(mark.replace(/^.*-/, "")) }));
  return {
    shared: heard.filter(({ of }) => told[of]!.client !== number).length,
    rumours: heard
      .filter(({ mark, of }) => !mayKnow(of, mark.startsWith("secret")))
      .map(({ mark, of }) => `client ${number} was told ${mark}: ${JSON.stringify(told[of])}`),
  };
}
