import assert from "node:assert/strict";
import { test } from "node:test";
import { isUnqualified, namedFieldsOf, parseDirectives, secondsOf } from "./directives.ts";

const read = (value: string): Record<string, readonly (string | undefined)[]> =>
  Object.fromEntries(parseDirectives(value));

test("directives stand in a list, in any case, with or without something said", () => {
  assert.deepEqual(read('No-Store , MAX-AGE=5,,private="a, b" ,'), {
    "no-store": [undefined],
    "max-age": ["5"],
    private: ["a, b"],
  });
});

test("what stands in quotes is no directive", () => {
  assert.deepEqual(read('x="max-age=3600, y", max-age=1'), { x: ["max-age=3600, y"], "max-age": ["1"] });
  assert.deepEqual(read('x="a\\", max-age=3600", max-age=1'), { x: ['a", max-age=3600'], "max-age": ["1"] });
});

test("all that is said of one name is kept, in order", () => {
  assert.deepEqual(read("max-age=1, max-age=2"), { "max-age": ["1", "2"] });
});

test("what cannot be read keeps its name, and takes nothing else along", () => {
  assert.deepEqual(read("max-age = 5, no-store"), { "max-age": [" = 5"], "no-store": [undefined] });
  assert.deepEqual(read("max-age =5, public"), { "max-age": [" =5"], public: [undefined] });
  assert.deepEqual(read("max-age=, public"), { "max-age": ["="], public: [undefined] });
  assert.deepEqual(read("@@@, =5, public"), { public: [undefined] });
});

test("a quotation that does not end reaches to the next comma at most", () => {
  assert.deepEqual(read('private="a, no-store'), { private: ['="a'], "no-store": [undefined] });
});

test("seconds are digits, quoted or not, up to 2^31", () => {
  const seconds = (value: string): number | "invalid" | undefined =>
    secondsOf(parseDirectives(value), "max-age", "invalid");
  assert.equal(seconds("public"), undefined);
  assert.equal(seconds("max-age=0"), 0);
  assert.equal(seconds('max-age="60"'), 60);
  assert.equal(seconds("max-age=007"), 7);
  assert.equal(seconds("max-age=99999999999999999999"), 2 ** 31);
  assert.equal(seconds("max-age=1, max-age=2"), 1);
  for (const value of ["max-age", "max-age=", "max-age=-1", "max-age=1.0", "max-age='1'", "max-age= 1", "max-age=1a"])
    assert.equal(seconds(value), "invalid", value);
});

test("a qualified directive names fields", () => {
  const read = (value: string): [isUnqualified: boolean, fields: readonly string[]] => {
    const directives = parseDirectives(value);
    return [isUnqualified(directives, "private"), namedFieldsOf(directives, "private")];
  };
  assert.deepEqual(read("public"), [false, []]);
  assert.deepEqual(read("private"), [true, []]);
  assert.deepEqual(read('private="Set-Cookie, X-User"'), [false, ["set-cookie", "x-user"]]);
  assert.deepEqual(read("private=set-cookie"), [false, ["set-cookie"]]);
  assert.deepEqual(read('private="a", private="b"'), [false, ["a", "b"]]);
  assert.deepEqual(read('private="a", private'), [true, ["a"]]);
  for (const value of ['private=""', 'private="a b"', 'private="a']) assert.deepEqual(read(value), [true, []], value);
});
