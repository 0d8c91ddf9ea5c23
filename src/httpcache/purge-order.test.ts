import assert from "node:assert/strict";
import { test } from "node:test";
import { notKept } from "../kernel/index.ts";
import { AnswerStore, type Storable } from "./answer-store.ts";
import { cacheKey } from "./cached-request.ts";
import { canonical, purge, type PurgeOrder } from "./purge-order.ts";

const services = ["api", "web"];
const stored = [
  ["api", "http://a.test/x"],
  ["web", "http://a.test/x"],
  ["api", "http://b.test/x"],
  ["api", "http://a.test/x/1"],
  ["api", "https://a.test/x?q=/x"],
] as const;

function storeWith(): AnswerStore<Storable> {
  const store = new AnswerStore<Storable>(1_000_000);
  for (const [service, url] of stored) {
    const key = cacheKey(service, url);
    const tags = [store.purges.hold(service)];
    store.put({
      key,
      url: key,
      tags,
      vary: [],
      variant: "",
      isStale: false,
      receivedAt: 0,
      bytes: 1,
      sequence: 0,
      ...notKept,
    });
  }
  return store;
}

function left(order: PurgeOrder): string[] {
  const store = storeWith();
  purge(store, services, order);
  return stored
    .filter(([service, url]) => {
      const found = store.find(cacheKey(service, url), []);
      return found !== undefined && !found.isSoftlyPurged;
    })
    .map(([service, url]) => `${service} ${url}`);
}

const all = stored.map(([service, url]) => `${service} ${url}`);

for (const mode of ["hard", "soft"] as const) {
  test(`a URL is purged in every service, a path on every host (${mode})`, () => {
    assert.deepEqual(left({ by: "url", url: "http://a.test/x", mode }), all.slice(2));
    assert.deepEqual(left({ by: "url", url: "HTTP://A.test:80/x", mode }), all.slice(2));
    assert.deepEqual(left({ by: "url", url: "/x", mode }), all.slice(3));
    assert.deepEqual(left({ by: "url", url: "/x?q=/x", mode }), all.slice(0, 4));
  });

  test(`a prefix is one of whole URLs, or of paths (${mode})`, () => {
    assert.deepEqual(left({ by: "prefix", url: "http://a.test/x", mode }), [all[2], all[4]]);
    assert.deepEqual(left({ by: "prefix", url: "/x/", mode }), [...all.slice(0, 3), all[4]]);
    assert.deepEqual(left({ by: "prefix", url: "/", mode }), []);
  });

  test(`a tag, and all (${mode})`, () => {
    assert.deepEqual(left({ by: "tag", tags: ["web", "unknown"], mode }), [all[0], ...all.slice(2)]);
    assert.deepEqual(left({ by: "all", mode }), []);
  });
}

test("what can be counted is", () => {
  assert.deepEqual(purge(storeWith(), services, { by: "tag", tags: ["api"], mode: "hard" }), { answers: 4 });
  assert.deepEqual(purge(storeWith(), services, { by: "all", mode: "hard" }), { answers: 5 });
  assert.deepEqual(purge(storeWith(), services, { by: "url", url: "http://a.test/x", mode: "soft" }), { answers: 2 });
  assert.deepEqual(purge(storeWith(), services, { by: "prefix", url: "/", mode: "hard" }), { answers: undefined });
});

test("URLs are compared in one spelling", () => {
  assert.equal(canonical("HTTPS://A.Test:443/P?Q#f"), "https://a.test/P?Q");
  assert.equal(canonical("http://a.test:443"), "http://a.test:443/");
  assert.equal(canonical("http://a.test?q"), "http://a.test/?q");
});
