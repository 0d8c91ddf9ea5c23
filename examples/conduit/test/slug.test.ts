import assert from "node:assert/strict";
import { test } from "node:test";
import { DatabaseError } from "pg";
import { toSlug, withFreeSlug } from "../src/features/articles/slug.ts";

const titles: readonly (readonly [title: string, slug: string])[] = [
  ["How to train your dragon", "how-to-train-your-dragon"],
  ["  What?! -- again  ", "what-again"],
  ["Où est l'été ?", "ou-est-l-ete"],
  ["Straße nach Zürich", "straße-nach-zurich"],
  ["日本語の記事", "日本語の記事"],
  ["C++ / Rust: 10 lessons", "c-rust-10-lessons"],
  ["🎉🎉", "untitled"],
  ["../../etc/passwd?x=1#y", "etc-passwd-x-1-y"],
  ["x".repeat(300), "x".repeat(100)],
];

for (const [title, slug] of titles) {
  test(`the slug of ${JSON.stringify(title.slice(0, 40))} is ${slug.slice(0, 40)}`, () => {
    assert.equal(toSlug(title), slug);
    assert.equal(toSlug(slug), slug);
  });
}

const isTaken = Object.assign(new DatabaseError("duplicate key", 0, "error"), {
  code: "23505",
  constraint: "articles_slug_key",
});

test("a slug that is taken gets an ending of chance", async () => {
  const tried: string[] = [];
  const slug = await withFreeSlug("Taken", async (slug) => {
    tried.push(slug);
    if (tried.length < 3) throw isTaken;
    return slug;
  });
  assert.equal(tried[0], "taken");
  assert.match(slug, /^taken-[0-9a-z]{6}$/);
  assert.equal(new Set(tried).size, 3);
});

test("any other failure, and one too many, is thrown", async () => {
  const broken = new Error("broken");
  await assert.rejects(
    withFreeSlug("x", () => Promise.reject(broken)),
    broken,
  );
  await assert.rejects(
    withFreeSlug("x", () => Promise.reject(isTaken)),
    isTaken,
  );
});
