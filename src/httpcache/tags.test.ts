import assert from "node:assert/strict";
import { test } from "node:test";
import { readGroups, readTags } from "./tags.ts";

const origin = "https://a.example";

test("tags are what any of three fields says, each once", () => {
  const raw = ["Cache-Tag", "a, b,,", "Surrogate-Key", "b c  d", "Cache-Groups", '"x y", "z"', "cache-tag", "e"];
  assert.deepEqual(readTags(raw, origin), [
    "group https://a.example x y",
    "group https://a.example z",
    "a",
    "b",
    "e",
    "c",
    "d",
  ]);
  assert.deepEqual(readTags([], origin), []);
});

test("no tag can be taken for a group", () => {
  assert.deepEqual(readTags(["Cache-Tag", "group https://a.example x"], origin), ["group-https://a.example-x"]);
});

test("groups are strings in a list; what is not is none of them, and an invalid list names none", () => {
  const groups = (value: string): readonly string[] =>
    readGroups(["Cache-Group-Invalidation", value], "cache-group-invalidation", origin);
  assert.deepEqual(groups('"a";x=1, b, 5, "c"'), ["group https://a.example a", "group https://a.example c"]);
  assert.deepEqual(groups('"a", "b'), []);
  assert.deepEqual(groups("("), []);
});

test("the groups of one origin are not those of another", () => {
  const raw = ["Cache-Groups", '"a"'];
  assert.notDeepEqual(readTags(raw, origin), readTags(raw, "http://a.example"));
});

test("what an answer may be tagged with has a bound", () => {
  const many = Array.from({ length: 1_000 }, (_, i) => `t${i}`).join();
  assert.equal(readTags(["Cache-Tag", many], origin).length, 256);
  assert.deepEqual(readTags(["Cache-Tag", "x".repeat(300)], origin), []);
});

test("of groups at least 32 count, of 32 characters each, whatever else an answer is tagged with", () => {
  const groups = Array.from({ length: 32 }, (_, i) => String(i).padStart(32, "g"));
  const tags = Array.from({ length: 1_000 }, (_, i) => `t${i}`).join();
  const raw = ["Cache-Tag", tags, "Cache-Groups", groups.map((group) => `"${group}"`).join()];
  const far = `https://${"a.".repeat(120)}example`;
  for (const group of groups) assert.ok(readTags(raw, far).includes(`group ${far} ${group}`), group);
});
