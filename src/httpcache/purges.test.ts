import assert from "node:assert/strict";
import { test } from "node:test";
import { type Purgeable, Purges } from "./purges.ts";

function answer(purges: Purges, url: string, ...names: string[]): Purgeable {
  const tags = names.map((name) => purges.hold(name));
  return { url, tags, sequence: purges.sequence };
}

test("a purge concerns what carries its tag, and nothing else", () => {
  const purges = new Purges();
  const [a, b, both] = [answer(purges, "/a", "a"), answer(purges, "/b", "b"), answer(purges, "/ab", "a", "b")];
  assert.equal(purges.purgeTag("a", "hard"), 2);
  assert.deepEqual(
    [a, b, both].map((each) => purges.verdict(each)),
    ["hard", undefined, "hard"],
  );
});

test("what was asked for before a purge and comes after it is concerned; what was asked for after it is not", () => {
  const purges = new Purges();
  const { sequence } = purges;
  purges.purgeTag("a", "hard");
  const late = { ...answer(purges, "/a", "a"), sequence };
  assert.equal(purges.verdict(late), "hard");
  assert.equal(purges.verdict(answer(purges, "/a", "a")), undefined);
});

test("the strictest purge counts, whichever came last", () => {
  const purges = new Purges();
  const a = answer(purges, "/a", "a");
  purges.purgeTag("a", "soft");
  assert.equal(purges.verdict(a), "soft");
  purges.purgeTag("a", "hard");
  assert.equal(purges.verdict(a), "hard");
  purges.purgeTag("a", "soft");
  assert.equal(purges.verdict(a), "hard");
});

test("by what URLs begin with, and all", () => {
  const purges = new Purges();
  const paths = ["/a", "/a/b", "/b"].map((url) => answer(purges, url));
  const verdicts = (): unknown[] => paths.map((each) => purges.verdict(each));
  purges.purgePrefix("/a/", "hard");
  assert.deepEqual(verdicts(), [undefined, "hard", undefined]);
  purges.purgePrefix("/a", "soft");
  assert.deepEqual(verdicts(), ["soft", "hard", undefined]);
  purges.purgeAll("soft");
  assert.deepEqual(verdicts(), ["soft", "hard", "soft"]);
  assert.equal(purges.verdict(answer(purges, "/a")), undefined);
});

test("a purge of a URL concerns what is on its way there, until that has come", () => {
  const purges = new Purges();
  const [a, b] = [answer(purges, "/a"), answer(purges, "/b")];
  const { sequence } = purges;
  purges.purgeUrl("/a", "soft");
  purges.purgeUrl("/b", "soft");
  purges.purgeUrl("/a", "hard");
  assert.deepEqual([purges.verdictOnArrival(a), purges.verdictOnArrival(b)], ["hard", "soft"]);
  purges.settle(sequence);
  assert.equal(purges.verdictOnArrival(a), "hard");
  purges.settle(purges.sequence);
  assert.equal(purges.verdictOnArrival(a), undefined);
});

test("a tag that nothing carries is let go of, but not while something purged may be on its way", () => {
  const purges = new Purges();
  const { tags, sequence } = answer(purges, "/a", "a");
  const [tag] = tags;
  purges.purgeTag("a", "hard");
  purges.release(tag!);
  purges.forget(sequence);
  const again = purges.hold("a");
  assert.equal(again, tag);
  purges.release(again);
  purges.forget(purges.sequence);
  assert.notEqual(purges.hold("a"), tag);
});

test("a purge that is forgotten concerns nobody any more, but for a tag that is still carried", () => {
  const purges = new Purges();
  const carried = answer(purges, "/a", "a");
  const other = answer(purges, "/b");
  purges.purgeTag("a", "hard");
  purges.purgePrefix("/b", "hard");
  purges.forget(purges.sequence);
  assert.equal(purges.verdict(carried), "hard");
  assert.equal(purges.verdict(other), undefined);
});
