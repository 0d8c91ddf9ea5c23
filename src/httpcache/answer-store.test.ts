import assert from "node:assert/strict";
import { test } from "node:test";
import { notKept } from "../kernel/index.ts";
import { AnswerStore, type Storable } from "./answer-store.ts";
import { readVary, variantKey } from "./vary.ts";

interface Answer extends Storable {
  readonly text: string;
}

interface Given {
  readonly request?: readonly string[];
  readonly vary?: string;
  readonly tags?: readonly string[];
  readonly bytes?: number;
  readonly sequence?: number;
  readonly receivedAt?: number;
}

let clock = 0;

function create(maxBytes = 1_000_000) {
  const store = new AnswerStore<Answer>(maxBytes);
  const answerOf = (url: string, text: string, given: Given = {}): Answer => {
    const vary = readVary(given.vary === undefined ? [] : ["Vary", given.vary]) as readonly string[];
    const variant = variantKey(vary, given.request ?? []);
    return {
      ...notKept,
      key: `${url}\n${variant}`,
      url,
      vary,
      variant,
      text,
      bytes: given.bytes ?? 1,
      tags: (given.tags ?? []).map((name) => store.purges.hold(name)),
      sequence: given.sequence ?? store.purges.sequence,
      receivedAt: given.receivedAt ?? ++clock,
      isStale: false,
    };
  };
  return {
    store,
    put: (url: string, text: string, given?: Given) => store.put(answerOf(url, text, given)),
    find: (url: string, request: readonly string[] = []) => store.find(url, request)?.answer.text,
    isStale: (url: string) => store.find(url, [])?.isSoftlyPurged,
  };
}

test("an answer is found by its URL, and takes the place of the one before", () => {
  const { store, put, find } = create();
  put("/a", "one");
  put("/b", "two");
  put("/a", "three");
  assert.deepEqual([find("/a"), find("/b"), find("/c")], ["three", "two", undefined]);
  assert.deepEqual([store.count, store.bytes], [2, 2]);
});

test("one that varies is found by who asks alike", () => {
  const { store, put, find } = create();
  put("/a", "german", { vary: "Accept-Language", request: ["Accept-Language", "de"] });
  put("/a", "english", { vary: "Accept-Language", request: ["Accept-Language", "en"] });
  assert.equal(find("/a", ["accept-language", "DE"]), "german");
  assert.equal(find("/a", ["accept-language", "en"]), "english");
  assert.equal(find("/a", ["accept-language", "fr"]), undefined);
  assert.equal(find("/a"), undefined);
  assert.equal(store.count, 2);
});

test("where an origin changes what it varies by, the newest that fits is found", () => {
  const { put, find } = create();
  put("/a", "plain");
  put("/a", "x is 1", { vary: "X", request: ["X", "1"] });
  assert.equal(find("/a", ["X", "1"]), "x is 1");
  assert.equal(find("/a", ["X", "2"]), "plain");
  put("/a", "plain again");
  assert.equal(find("/a", ["X", "1"]), "plain again");
});

test("an origin that names other fields each time fills no index", () => {
  const { store, put } = create();
  for (let i = 0; i < 100; i++) put("/a", `${i}`, { vary: `X-${i}`, request: [`X-${i}`, "1"] });
  assert.equal(store.count, 8);
});

test("what there is no room for is given up, with its place in the index", () => {
  const { store, put, find } = create(100);
  for (let i = 0; i < 300; i++) put(`/${i}`, `${i}`, { tags: ["t"], ...(i % 3 === 0 ? { vary: "X" } : {}) });
  assert.equal(store.count, 100);
  assert.equal(store.evicted, 200);
  assert.equal(store.purges.purgeTag("t", "soft"), 100);
  assert.equal(Array.from({ length: 300 }, (_, i) => find(`/${i}`)).filter((text) => text !== undefined).length, 100);
});

test("a purge by tag of a hundred thousand looks at none of them, and a sweep makes room in short steps", () => {
  const { store, put, find } = create();
  for (let i = 0; i < 100_000; i++) put(`/${i}`, `${i}`, { tags: [i % 2 === 0 ? "even" : "odd"] });
  assert.equal(store.purges.purgeTag("even", "hard"), 50_000);
  assert.deepEqual([find("/2"), find("/3")], [undefined, "3"]);
  // One of them has gone as it was looked for.
  assert.equal([...store.sweep(store.purges.sequence, 1_000)].length, 99);
  assert.equal(store.count, 50_000);
});

test("a purge by URL concerns all that vary, softly or hard, and what is on its way", () => {
  const { store, put, find, isStale } = create();
  const { sequence } = store.purges;
  put("/a", "one", { vary: "X", request: ["X", "1"] });
  put("/a", "two", { vary: "X", request: ["X", "2"] });
  put("/b", "three");
  assert.equal(store.purgeUrl("/a", "hard"), 2);
  assert.equal(store.purgeUrl("/b", "soft"), 1);
  assert.equal(store.purgeUrl("/c", "hard"), 0);
  assert.equal(find("/a", ["X", "1"]), undefined);
  assert.equal(isStale("/b"), true);
  put("/a", "late", { sequence });
  put("/b", "late", { sequence });
  assert.equal(find("/a"), undefined);
  assert.equal(isStale("/b"), true);
  put("/b", "new");
  assert.equal(isStale("/b"), false);
});

test("what was purged by its tag while it was on its way is not stored", () => {
  const { store, put, find } = create();
  const { sequence } = store.purges;
  store.purges.purgeTag("t", "hard");
  put("/a", "late", { tags: ["t"], sequence });
  assert.equal(find("/a"), undefined);
  put("/a", "new", { tags: ["t"] });
  assert.equal(find("/a"), "new");
});

test("what was purged softly by what its URL begins with stays stale when the purge is forgotten", () => {
  const { store, put, isStale } = create();
  put("/a/1", "one");
  store.purges.purgePrefix("/a/", "soft");
  for (const _ of store.sweep(store.purges.sequence));
  assert.equal(isStale("/a/1"), true);
  put("/a/1", "new");
  assert.equal(isStale("/a/1"), false);
});

test("a sweep forgets no purge that something on its way must still meet", () => {
  const { store, put, find } = create();
  const { sequence } = store.purges;
  store.purges.purgeTag("t", "hard");
  store.purges.purgePrefix("/b", "hard");
  for (const _ of store.sweep(sequence));
  put("/a", "late", { tags: ["t"], sequence });
  put("/b", "late", { sequence });
  assert.deepEqual([find("/a"), find("/b")], [undefined, undefined]);
});
