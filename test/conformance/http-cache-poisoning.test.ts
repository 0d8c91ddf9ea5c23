import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResolvedCache } from "../../src/config/index.ts";
import { ManualClock } from "../../src/kernel/index.ts";
import { startCachingGateway } from "../support/cache/caching-gateway.ts";
import { answerText, type AskedOrigin, headText, startToldOrigin } from "../support/cache/told-origin.ts";
import { ask, type ClientAnswer, type ClientRequest, valueOf } from "../support/cache/wire-client.ts";
import { type Field, valuesOf } from "../support/wire/message.ts";
import { noon } from "./http-cache/cache-case.ts";

/** What one client can bring the cache to tell others: by what the origin is told and the cache does not look at, or by what an answer says only at times. */
interface Scene {
  readonly rules?: Partial<ResolvedCache>;
  readonly asks: readonly (ClientRequest & { readonly after?: number })[];
  readonly origin: (asked: AskedOrigin, number: number) => void;
}

async function play({ rules = {}, asks, origin }: Scene, fastPath: boolean): Promise<ClientAnswer[]> {
  const clock = new ManualClock(noon);
  let number = 0;
  await using told = await startToldOrigin((asked) => origin(asked, number++));
  await using gateway = await startCachingGateway(told.port, { clock, fastPath, rules });
  const answers: ClientAnswer[] = [];
  for (const { after = 0, ...request } of asks) {
    clock.advance(after * 1_000);
    answers.push(await ask(gateway.port, request));
  }
  return answers;
}

const fresh: Field = ["Cache-Control", "public, max-age=60"];
const heard = ({ request }: AskedOrigin, name: string): string =>
  valuesOf(request.fields, name.toLowerCase()).join() || "nothing";

/** The origin says what it has heard in this field; the last who asks must be told what he has said, or nothing. */
function echoing(
  name: string,
  vary: string,
  asks: Scene["asks"],
  last: string,
): [Scene, (answers: readonly ClientAnswer[]) => void] {
  const origin = (asked: AskedOrigin): void =>
    asked.write(
      answerText(200, [fresh, ...(vary === "" ? [] : [["Vary", vary] as const])], `heard ${heard(asked, name)}`),
    );
  return [{ asks, origin }, (answers) => assert.equal(answers.at(-1)!.body, `heard ${last}`)];
}

const scenes: Readonly<Record<string, [Scene, (answers: readonly ClientAnswer[]) => void]>> = {
  "a field that Connection names is not what others say in it": echoing(
    "X-Tenant",
    "X-Tenant",
    [
      {
        fields: [
          ["Connection", "X-Tenant"],
          ["X-Tenant", "a"],
        ],
      },
      { fields: [["X-Tenant", "a"]] },
    ],
    "a",
  ),
  "nor is what others say in it for who has it named by Connection": echoing(
    "X-Tenant",
    "X-Tenant",
    [
      { fields: [["X-Tenant", "a"]] },
      {
        fields: [
          ["Connection", "X-Tenant"],
          ["X-Tenant", "a"],
        ],
      },
    ],
    "nothing",
  ),
  "the host that counts is the one that the origin is told": echoing(
    "Host",
    "",
    [{ target: "http://b.test/", host: "a.test" }, { host: "a.test" }],
    "a.test",
  ),
  "what a client says that it came by is not believed": echoing(
    "X-Forwarded-Host",
    "",
    [{ fields: [["X-Forwarded-Host", "evil.test"]] }, {}],
    "a.test",
  ),
  "nor what it says that it spoke": echoing(
    "X-Forwarded-Proto",
    "",
    [{ fields: [["X-Forwarded-Proto", "https"]] }, {}],
    "http",
  ),
  "what was asked with a body is for nobody without it": [
    {
      asks: [{ body: "evil" }, {}],
      origin: (asked) => asked.write(answerText(200, [fresh], `heard ${asked.request.body || "nothing"}`)),
    },
    (answers) => assert.equal(answers[1]!.body, "heard nothing"),
  ],
  "Set-Cookie is not kept where it is stripped, and whoever asked has it": [
    {
      rules: { stripSetCookie: true },
      asks: [{}, {}, { method: "HEAD" }],
      origin: (asked) => asked.write(answerText(200, [fresh, ["Set-Cookie", "user=first"]], "for all")),
    },
    (answers) =>
      assert.deepEqual(
        answers.map(({ fields }) => valueOf(fields, "set-cookie")),
        ["user=first", undefined, undefined],
      ),
  ],
  "a cookie that comes when it is asked whether it is still good is for nobody else": [
    {
      asks: [{}, { after: 100 }, {}, { method: "HEAD" }],
      origin: (asked, number) =>
        asked.write(
          number === 0
            ? answerText(200, [fresh, ["ETag", '"a"']], "for all")
            : number === 1
              ? headText(304, [fresh, ["ETag", '"a"'], ["Set-Cookie", "user=second"]])
              : answerText(200, [fresh], "for all"),
        ),
    },
    (answers) =>
      assert.deepEqual(
        answers.slice(2).map(({ fields }) => valueOf(fields, "set-cookie")),
        [undefined, undefined],
      ),
  ],
  "what becomes private is no more for all": [
    {
      asks: [{}, { after: 100 }, {}, { fields: [["Cache-Control", "max-stale"]] }],
      origin: (asked, number) =>
        number === 0
          ? asked.write(answerText(200, [fresh, ["ETag", '"a"']], "for all"))
          : asked.write(answerText(200, [["Cache-Control", "private, max-age=60"]], `for ${number}`)),
    },
    (answers) =>
      assert.deepEqual(
        answers.map(({ body }) => body),
        ["for all", "for 1", "for 2", "for 3"],
      ),
  ],
  "an answer that is private at first, and for all later, is for all later": [
    {
      asks: [{}, { after: 100 }, {}],
      origin: (asked, number) =>
        number === 0
          ? asked.write(answerText(200, [["Cache-Control", "private"]], "for one"))
          : asked.write(answerText(200, [fresh], `for all ${number}`)),
    },
    (answers) =>
      assert.deepEqual(
        answers.map(({ body }) => body),
        ["for one", "for all 1", "for all 1"],
      ),
  ],
};

for (const fastPath of [true, false])
  for (const [name, [scene, check]] of Object.entries(scenes))
    test(`${name}: on the ${fastPath ? "fast" : "full"} path`, async () => check(await play(scene, fastPath)));
