import assert from "node:assert/strict";
import { valueOf } from "../../support/cache/wire-client.ts";
import { type Field, valuesOf } from "../../support/wire/message.ts";
import type { ExpectedValue, Source } from "./cache-case.ts";
import type { Played } from "./case-player.ts";

/** Throws unless the last of these steps went as it should have. */
export function assertAsExpected(played: readonly Played[]): void {
  const number = played.length - 1;
  const last = played[number]!;
  try {
    assertSource(last);
    assertAnswer(last, played);
    assertWellFormed(last);
  } catch (error) {
    if (!(error instanceof assert.AssertionError)) throw error;
    throw new assert.AssertionError({ message: `step ${number}: ${error.message}\n${describe(last)}` });
  }
}

function assertSource({ step: { expected, origin }, asked, askedBehind, answer, isConfirmed }: Played): void {
  const { from, asks = 1, asksBehind = false } = expected;
  assert.equal(askedBehind.length > 0, asksBehind, "the origin was asked behind the client's back");
  if (from === "cache" || from === "not modified") assert.equal(asked.length, 0, "so often the origin was asked");
  // What breaks off may be tried again.
  else if (from !== "gateway" && from !== "either" && origin?.breaks === undefined)
    assert.equal(asked.length, asks, "so often the origin was asked");
  if (from === "validated") assert.ok(isConfirmed, "the origin has not said that it is still good");
  if (from === "gateway")
    assert.match(valueOf(answer.fields, "content-type") ?? "", /^application\/problem\+json/, "who has said it");
  for (const [name, value] of Object.entries(expected.forwarded ?? {}))
    assertField([...asked, ...askedBehind][0]?.fields ?? [], name, value, "the origin was given");
}

function assertAnswer({ step, answer, origin }: Played, played: readonly Played[]): void {
  const { expected, asked: { method = "GET" } = {} } = step;
  const source = expected.bodyOf === undefined ? undefined : played[expected.bodyOf]!;
  const status = expected.status ?? source?.origin.status ?? (expected.from === "origin" ? origin.status : undefined);
  if (status !== undefined) assert.equal(answer.status, status, "status");
  for (const [name, value] of Object.entries(expected.fields ?? {}))
    assertField(answer.fields, name, value, "the client was given");
  if (expected.interim !== undefined)
    assert.deepEqual(
      answer.interim.map(({ start }) => Number(start[1])),
      expected.interim,
    );
  const isBroken = step.origin?.breaks === "in the body" && expected.from === "origin";
  assert.equal(answer.isComplete, !isBroken, isBroken ? "what broke off seems whole" : "the answer is not whole");
  if (isBroken) return;
  const isBodiless = method === "HEAD" || answer.status === 204 || answer.status === 304;
  const body = expected.body ?? source?.origin.body ?? (expected.from === "origin" ? origin.body : undefined);
  if (body instanceof RegExp) assert.match(answer.body, body, "body");
  else if (body !== undefined) assert.equal(answer.body, isBodiless ? "" : body, "body");
}

/** Stored answers that the client is given without that anybody says that they are still good. */
const fromStore: ReadonlySet<Source> = new Set(["cache", "stand-in"]);
const singletons = ["age", "content-length", "content-type", "date", "etag", "expires", "last-modified", "location"];

/** What every answer owes, whatever the case is about. */
function assertWellFormed({ step: { expected, asked }, answer: { status, fields } }: Played): void {
  const { method = "GET" } = asked ?? {};
  if (fromStore.has(expected.from) && status !== 416)
    assert.match(valueOf(fields, "age") ?? "none", /^\d+$/, "Age (9111 §4)");
  assert.equal(valuesOf(fields, "date").length, 1, "one Date (9110 §6.6.1)");
  const own = valuesOf(fields, "cache-status").filter((line) => line.startsWith("tenfold"));
  if (expected.from !== "gateway" && (method === "GET" || method === "HEAD"))
    assert.equal(own.length, 1, "one line of Cache-Status (9211 §2)");
  for (const name of singletons)
    if (!Object.hasOwn(expected.fields ?? {}, name))
      assert.ok(valuesOf(fields, name).length <= 1 || expected.from === "origin", `${name} stands there twice`);
}

function assertField(fields: readonly Field[], name: string, expected: ExpectedValue, who: string): void {
  const what = `${who} ${name}`;
  if (typeof expected === "object" && !(expected instanceof RegExp)) {
    const lines = valuesOf(fields, name);
    assert.equal(lines.length, expected.length, `${what}: lines`);
    for (const [i, line] of expected.entries()) assertValue(lines[i], line, what);
  } else assertValue(valueOf(fields, name), expected, what);
}

function assertValue(value: string | undefined, expected: string | RegExp | undefined, what: string): void {
  if (expected instanceof RegExp) assert.match(value ?? "(none)", expected, what);
  else assert.equal(value, expected, what);
}

function describe({ answer: { status, fields, body, isComplete }, asked, askedBehind }: Played): string {
  const lines = (all: readonly Field[]): string => all.map(([name, value]) => `    ${name}: ${value}`).join("\n");
  return [
    `  answer ${status}${isComplete ? "" : " (broke off)"}`,
    lines(fields),
    `    ${JSON.stringify(body.slice(0, 200))}`,
    ...[...asked, ...askedBehind].map(
      ({ start, fields }, i) =>
        `  ${i < asked.length ? "asked" : "asked behind"} ${start[0]} ${start[1]}\n${lines(fields)}`,
    ),
  ].join("\n");
}
