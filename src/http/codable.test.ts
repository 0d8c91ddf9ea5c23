import assert from "node:assert/strict";
import { test } from "node:test";
import { forbidsCoding, isCodable } from "./codable.ts";

const rules = { types: ["text/*", "*+json", "application/json"], minBytes: 1_000 };
const json = ["Content-Type", "application/json"];
const answer = { status: 200, fields: json, length: 5_000 };

const cases: readonly (readonly [what: string, change: Partial<typeof answer>, expected: boolean])[] = [
  ["a large answer of a type that shrinks", {}, true],
  ["a small one", { length: 999 }, false],
  ["just large enough", { length: 1_000 }, true],
  ["of a length that is not known yet", { length: -1 }, true],
  ["of none", { length: 0 }, false],
  ["a type with parameters, in capitals", { fields: ["content-type", "Application/JSON ; charset=utf-8"] }, true],
  ["of a kind", { fields: ["Content-Type", "text/html"] }, true],
  ["with a suffix", { fields: ["Content-Type", "application/problem+json"] }, true],
  ["of another type", { fields: ["Content-Type", "image/png"] }, false],
  ["whose type only begins alike", { fields: ["Content-Type", "application/jsonp"] }, false],
  ["of two types", { fields: [...json, ...json] }, false],
  ["of none", { fields: [] }, false],
  ["events, which must not wait", { fields: ["Content-Type", "text/event-stream"] }, false],
  ["coded already", { fields: [...json, "Content-Encoding", "gzip"] }, false],
  ["a part", { fields: [...json, "Content-Range", "bytes 0-9/5000"] }, false],
  ["no-transform", { fields: [...json, "Cache-Control", "public, No-Transform"] }, false],
  ["no-transform, malformed", { fields: [...json, "Cache-Control", 'a=", no-transform'] }, false],
  ["no-transform for caches", { fields: [...json, "CDN-Cache-Control", "no-transform"] }, false],
  ["with a digest of its content", { fields: [...json, "Content-Digest", "sha-256=:AA==:"] }, false],
  ["with a digest of the representation", { fields: [...json, "Repr-Digest", "sha-256=:AA==:"] }, false],
  ["with a digest of old", { fields: [...json, "Digest", "sha-256=AA=="] }, false],
  ["with a digest of older", { fields: [...json, "Content-MD5", "AA=="] }, false],
  ["that announces trailers", { fields: [...json, "Trailer", "Content-Digest"] }, false],
  ["in a transfer coding beside chunked", { fields: [...json, "Transfer-Encoding", "gzip, chunked"] }, false],
  ["chunked", { fields: [...json, "Transfer-Encoding", "chunked"] }, true],
  ["another cache's copy", { status: 203 }, true],
  ["the page of an error", { status: 404 }, true],
  ["the error of an origin", { status: 503 }, false],
  ["a part by its status", { status: 206 }, false],
  ["nothing new", { status: 304 }, false],
];

for (const [what, change, expected] of cases)
  test(`${expected ? "may" : "must not"} be coded: ${what}`, () =>
    assert.equal(isCodable({ ...answer, ...change }, rules), expected));

test("events are coded where their type is named in full", () => {
  const events = { ...answer, fields: ["Content-Type", "text/event-stream"] };
  assert.equal(isCodable(events, { ...rules, types: ["text/event-stream"] }), true);
});

test("a client can forbid it", () => {
  assert.equal(forbidsCoding("max-age=0, no-transform"), true);
  assert.equal(forbidsCoding("max-age=0"), false);
  assert.equal(forbidsCoding(undefined), false);
});
