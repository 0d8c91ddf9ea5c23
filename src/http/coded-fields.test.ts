import assert from "node:assert/strict";
import { test } from "node:test";
import { codedFields, tagAsKnown, unvaryingFields, varyingFields, varyingUpdate } from "./coded-fields.ts";

test("the coded form says its coding, and nothing that is true of the plain one alone", () => {
  const fields = ["ETag", '"a"', "Content-Length", "100", "Accept-Ranges", "bytes", "Content-Type", "text/html"];
  const expected = 'ETag,W/"a",Content-Type,text/html,Content-Encoding,br,Vary,Accept-Encoding';
  assert.equal(codedFields(fields, "br").join(), expected);
});

test("what is a weak tag already, or none, stays", () => {
  for (const tag of ['W/"a"', "a", ""]) assert.equal(codedFields(["etag", tag], "gzip")[1], tag);
});

const varied: readonly (readonly [before: string[], after: string[]])[] = [
  [[], ["Vary", "Accept-Encoding"]],
  [
    ["vary", "Origin", "A", "b"],
    ["Vary", "Origin, Accept-Encoding", "A", "b"],
  ],
  [
    ["A", "b", "Vary", "Origin", "C", "d", "Vary", "accept-encoding, Cookie"],
    ["A", "b", "Vary", "Origin, Cookie, Accept-Encoding", "C", "d"],
  ],
  [
    ["Vary", "*"],
    ["Vary", "*"],
  ],
  [
    ["Vary", ", ,"],
    ["Vary", "Accept-Encoding"],
  ],
];

for (const [before, after] of varied)
  test(`that the form depends on Accept-Encoding is said once: ${JSON.stringify(before)}`, () => {
    assert.deepEqual(varyingFields(before), after);
    assert.deepEqual(varyingFields(after), after);
  });

test("what was added to Vary can be taken back", () => {
  assert.deepEqual(unvaryingFields(varyingFields(["A", "b"])), ["A", "b"]);
  assert.deepEqual(unvaryingFields(varyingFields(["Vary", "Origin"])), ["Vary", "Origin"]);
  assert.deepEqual(unvaryingFields(["Vary", "*"]), ["Vary", "*"]);
});

test("an update that says nothing of what it depends on goes on saying nothing", () => {
  assert.deepEqual(varyingUpdate(["A", "b"]), ["A", "b"]);
  assert.deepEqual(varyingUpdate(["Vary", "Origin"]), ["Vary", "Origin, Accept-Encoding"]);
});

const known: readonly (readonly [etag: string, ifNoneMatch: string | undefined, expected: string])[] = [
  ['"a"', 'W/"a"', 'W/"a"'],
  ['"a"', '"a"', '"a"'],
  ['"a"', 'W/"a", "a"', '"a"'],
  ['"a"', 'W/"b"', '"a"'],
  ['"a"', "*", '"a"'],
  ['"a"', undefined, '"a"'],
  ['W/"a"', '"a"', 'W/"a"'],
];

for (const [etag, ifNoneMatch, expected] of known)
  test(`a 304 names ${etag} as the client knows it: ${ifNoneMatch}`, () =>
    assert.equal(tagAsKnown(etag, ifNoneMatch), expected));
