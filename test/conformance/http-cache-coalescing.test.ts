import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../src/kernel/index.ts";
import { type CachingGateway, type CachingOptions, startCachingGateway } from "../support/cache/caching-gateway.ts";
import { type AskedOrigin, answerText, chunkText, headText, startToldOrigin } from "../support/cache/told-origin.ts";
import { type ClientAnswer, ClientExchange, type ClientRequest, valueOf } from "../support/cache/wire-client.ts";
import { eventually } from "../support/gateway-fixtures.ts";
import { type Field, valuesOf } from "../support/wire/message.ts";
import { turns } from "../support/wire/turns.ts";
import { noon } from "./http-cache/cache-case.ts";

/** One request at the origin, however many clients wait for what it says. */
interface Crowd extends AsyncDisposable {
  /** What has come to the origin, in order. */
  readonly asked: AskedOrigin[];
  readonly clock: ManualClock;
  ask(request?: ClientRequest): ClientExchange;
  /** So many at once; all of them have come to the gateway, and the first of them to the origin. */
  gather(count: number): Promise<ClientExchange[]>;
}

async function crowd(fastPath: boolean, options: CachingOptions = {}): Promise<Crowd> {
  const asked: AskedOrigin[] = [];
  const exchanges: ClientExchange[] = [];
  const clock = new ManualClock(noon);
  const origin = await startToldOrigin((each) => asked.push(each));
  const gateway: CachingGateway = await startCachingGateway(origin.port, {
    clock,
    fastPath,
    cacheBytes: 256 * 1024 * 1024,
    ...options,
  });
  const ask = (request: ClientRequest = {}): ClientExchange => {
    const exchange = new ClientExchange(gateway.port, request);
    exchanges.push(exchange);
    return exchange;
  };
  return {
    asked,
    clock,
    ask,
    async gather(count) {
      const { active } = gateway.gateway.figures();
      const before = asked.length;
      const gathered = Array.from({ length: count }, () => ask());
      await eventually(
        () => gateway.gateway.figures().active >= active + count && asked.length > before,
        () => `${gateway.gateway.figures().active} of ${count} are here, and ${asked.length} at the origin`,
      );
      return gathered;
    },
    async [Symbol.asyncDispose]() {
      for (const exchange of exchanges) exchange[Symbol.dispose]();
      await gateway[Symbol.asyncDispose]();
      await origin[Symbol.asyncDispose]();
    },
  };
}

const fresh: readonly Field[] = [["Cache-Control", "max-age=10"]];
const tagged: readonly Field[] = [...fresh, ["ETag", '"a"']];

/** No two places look alike, so that nothing can be lost or said twice unnoticed. */
function bodyOf(bytes: number): string {
  let body = "";
  for (let i = 0; body.length < bytes; i++) body += `${i};`;
  return body.slice(0, bytes);
}

async function whole(exchanges: readonly ClientExchange[]): Promise<ClientAnswer[]> {
  return Promise.all(exchanges.map((exchange) => exchange.whole()));
}

function assertAll(answers: readonly ClientAnswer[], body: string): void {
  for (const answer of answers) {
    assert.ok(answer.isComplete);
    assert.equal(answer.status, 200);
    // Not `assert.equal`: it would print megabytes.
    assert.ok(answer.body === body, `${answer.body.length} bytes, of ${body.length}, are not those of the origin`);
  }
}

const shapes: Readonly<
  Record<string, { clients: number; bytes: number; say: (to: AskedOrigin, body: string) => void }>
> = {
  small: { clients: 1_000, bytes: 100, say: (to, body) => to.write(answerText(200, tagged, body)) },
  "without a body": { clients: 100, bytes: 0, say: (to) => to.write(answerText(200, tagged, "")) },
  large: { clients: 12, bytes: 10_000_000, say: (to, body) => to.write(answerText(200, tagged, body)) },
  "in chunks": {
    clients: 200,
    bytes: 100_000,
    say: (to, body) => {
      to.write(headText(200, [...tagged, ["Transfer-Encoding", "chunked"]]));
      for (let at = 0; at < body.length; at += 9_999) to.write(chunkText(body.slice(at, at + 9_999)));
      to.write("0\r\n\r\n");
    },
  },
  "that ends with its connection": {
    clients: 200,
    bytes: 100_000,
    say: (to, body) => {
      to.write(headText(200, tagged) + body);
      to.end();
    },
  },
};

for (const fastPath of [true, false]) {
  const path = fastPath ? "the fast path" : "the full path";

  for (const [shape, { clients, bytes, say }] of Object.entries(shapes)) {
    test(`${clients} who ask for one answer, ${shape}, cost one request, and one when it is stale: on ${path}`, async () => {
      await using all = await crowd(fastPath);
      const body = bodyOf(bytes);
      const first = await all.gather(clients);
      say(all.asked[0]!, body);
      assertAll(await whole(first), body);
      assert.equal(all.asked.length, 1);
      all.clock.advance(11_000);
      const second = await all.gather(clients);
      assert.deepEqual(valuesOf(all.asked[1]!.request.fields, "if-none-match"), ['"a"']);
      all.asked[1]!.write(headText(304, tagged));
      assertAll(await whole(second), body);
      assertAll(await whole([all.ask()]), body);
      assert.equal(all.asked.length, 2);
    });
  }

  test(`who comes in the middle of a slow answer has all of it, from its beginning: on ${path}`, async () => {
    await using all = await crowd(fastPath);
    const body = bodyOf(50_000);
    const readers = await all.gather(3);
    const [to] = all.asked;
    to!.write(headText(200, [...fresh, ["Content-Length", String(body.length)]]));
    for (let at = 0; at < body.length; at += 10_000) {
      to!.write(body.slice(at, at + 10_000));
      for (const reader of readers) await reader.untilReceived(at + 10_000);
      readers.push(all.ask());
      await turns(5);
    }
    assertAll(await whole(readers), body);
    assert.equal(all.asked.length, 1);
  });

  test(`readers of different paces have the same bytes, and none waits for another: on ${path}`, async () => {
    await using all = await crowd(fastPath);
    const body = bodyOf(4_000_000);
    const readers = await all.gather(6);
    const slow = readers.slice(0, 3);
    for (const each of slow) each.pause();
    all.asked[0]!.write(answerText(200, fresh, body));
    assertAll(await whole(readers.slice(3)), body);
    for (const each of slow) each.resume();
    assertAll(await whole(slow), body);
    assert.equal(all.asked.length, 1);
  });

  for (const moment of ["before its head", "in the middle of it"]) {
    test(`the others have the answer when the first leaves ${moment}: on ${path}`, async () => {
      await using all = await crowd(fastPath);
      const body = bodyOf(200_000);
      const [first] = await all.gather(1);
      const others = [all.ask(), all.ask(), all.ask()];
      await turns(20);
      const text = answerText(200, fresh, body);
      if (moment === "before its head") first!.leave();
      await turns(10);
      all.asked[0]!.write(text.slice(0, 100_000));
      if (moment !== "before its head") {
        await first!.untilReceived(10_000);
        first!.leave();
        await turns(10);
      }
      all.asked[0]!.write(text.slice(100_000));
      assertAll(await whole(others), body);
      assertAll(await whole([all.ask()]), body);
      assert.equal(all.asked.length, 1);
    });
  }

  test(`when all have left, whoever comes next has a whole answer: on ${path}`, async () => {
    await using all = await crowd(fastPath);
    const body = bodyOf(100_000);
    const text = answerText(200, fresh, body);
    const gone = await all.gather(3);
    all.asked[0]!.write(text.slice(0, 50_000));
    await gone[0]!.untilReceived(10_000);
    for (const each of gone) each.leave();
    await turns(10);
    const next = all.ask();
    await turns(10);
    all.asked[0]!.write(text.slice(50_000));
    await turns(10);
    all.asked[1]?.write(text);
    assertAll(await whole([next]), body);
  });

  for (const framing of ["a length", "chunks"]) {
    test(`nobody takes an answer of ${framing} for whole that breaks off, and nobody else is given it: on ${path}`, async () => {
      await using all = await crowd(fastPath);
      const body = bodyOf(50_000);
      const readers = await all.gather(20);
      const [to] = all.asked;
      if (framing === "chunks")
        to!.write(headText(200, [...tagged, ["Transfer-Encoding", "chunked"]]) + chunkText(body.slice(0, 20_000)));
      else to!.write(headText(200, [...tagged, ["Content-Length", String(body.length)]]) + body.slice(0, 20_000));
      for (const reader of readers) await reader.untilReceived(10_000);
      to!.end();
      for (const answer of await whole(readers)) assert.equal(answer.isComplete, false);
      const next = all.ask();
      await eventually(() => all.asked.length === 2);
      assert.deepEqual(valuesOf(all.asked[1]!.request.fields, "if-none-match"), []);
      all.asked[1]!.write(answerText(200, fresh, "whole"));
      assertAll(await whole([next]), "whole");
    });
  }

  test(`a stale answer stands in for an origin that is down, for all who wait, and says so: on ${path}`, async () => {
    await using all = await crowd(fastPath);
    const stored: readonly Field[] = [["Cache-Control", "max-age=10, stale-if-error=60"]];
    const [first] = await all.gather(1);
    all.asked[0]!.write(answerText(200, stored, "stored"));
    assertAll(await whole([first!]), "stored");
    all.clock.advance(20_000);
    const readers = await all.gather(100);
    let broken = 1;
    const breaking = eventually(() => {
      for (; broken < all.asked.length; broken++) all.asked[broken]!.destroy();
      return readers.every(({ answer }) => answer !== undefined);
    });
    const answers = await whole(readers);
    await breaking;
    assertAll(answers, "stored");
    for (const { fields } of answers) assert.match(valueOf(fields, "cache-status") ?? "", /^tenfold; .*stale/);
    // Of one fetch, and the attempts that it has; one more, since the connection may have been idle for too long.
    assert.ok(all.asked.length <= 5, `the origin was asked ${all.asked.length - 1} times`);
    all.clock.advance(60_000);
    const late = all.ask();
    const ending = eventually(() => {
      for (; broken < all.asked.length; broken++) all.asked[broken]!.destroy();
      return late.answer !== undefined;
    });
    assert.equal((await late.whole()).status, 502);
    await ending;
  });

  test(`while one asks behind, all are served what is stale, and nobody asks again: on ${path}`, async () => {
    await using all = await crowd(fastPath);
    const stored: readonly Field[] = [["Cache-Control", "max-age=10, stale-while-revalidate=60"]];
    const [first] = await all.gather(1);
    all.asked[0]!.write(answerText(200, stored, "stored"));
    await whole([first!]);
    all.clock.advance(20_000);
    assertAll(await whole(Array.from({ length: 200 }, () => all.ask())), "stored");
    await eventually(() => all.asked.length === 2);
    await turns(10);
    assert.equal(all.asked.length, 2);
    all.asked[1]!.write(answerText(200, stored, "new"));
    await turns(20);
    assertAll(await whole([all.ask()]), "new");
    assert.equal(all.asked.length, 2);
  });

  test(`those who waited for what is for one alone each ask for themselves, and do not wait the next time: on ${path}`, async () => {
    await using all = await crowd(fastPath);
    const readers = await all.gather(50);
    assert.equal(all.asked.length, 1);
    const personal = (i: number): string => answerText(200, [["Cache-Control", "private"]], `for ${i}`);
    all.asked[0]!.write(personal(0));
    await eventually(() => all.asked.length === 50);
    for (const [i, to] of all.asked.entries()) if (i > 0) to.write(personal(i));
    const bodies = (await whole(readers)).map(({ body }) => body);
    assert.equal(new Set(bodies).size, 50);
    const next = Array.from({ length: 20 }, () => all.ask());
    await eventually(() => all.asked.length === 70);
    for (const [i, to] of all.asked.entries()) if (i >= 50) to.write(personal(i));
    assert.equal(new Set((await whole(next)).map(({ body }) => body)).size, 20);
  });
}
