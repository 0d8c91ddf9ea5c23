import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WorthCaching } from "./worth-caching.ts";

const at = (target: string, service = "api") => ({ service, origin: "http://a.example", target });

function noteOften(worth: WorthCaching, target: string, times: number, tookMs = 1): void {
  for (let n = 0; n < times; n++) worth.note(at(target), "no-freshness", tookMs, 0);
}

test("what repeats is listed by what it costs, with how often it was asked for, and for how many URLs", () => {
  const worth = new WorthCaching();
  noteOften(worth, "/tags", 50, 2);
  noteOften(worth, "/report", 10, 100);
  for (let id = 0; id < 20; id++) noteOften(worth, `/users/${id}?fields=name`, 3);
  const kinds = worth.list(0).map(({ path, requests, urls, upstreamMs }) => ({ path, requests, urls, upstreamMs }));
  assert.deepEqual(
    kinds.map(({ path }) => path),
    ["/report", "/tags", "/users/:id"],
  );
  assert.deepEqual(kinds[1], { path: "/tags", requests: 50, urls: 1, upstreamMs: 2 });
  const { requests, urls } = kinds[2]!;
  assert.equal(requests, 60);
  assert.ok(Math.abs(urls - 20) <= 2);
});

test("what does not repeat is of no interest, however frequent it is", () => {
  const worth = new WorthCaching();
  for (let id = 0; id < 1_000; id++) noteOften(worth, `/orders/${id}`, 1);
  assert.deepEqual(worth.list(0), []);
});

test("services and reasons are told apart", () => {
  const worth = new WorthCaching();
  noteOften(worth, "/tags", 2);
  for (let n = 0; n < 3; n++) worth.note(at("/tags", "other"), "no-freshness", 1, 0);
  for (let n = 0; n < 4; n++) worth.note(at("/tags"), "cookie", 1, 0);
  const kinds = worth.list(0).map(({ service, reason, requests }) => `${service} ${reason} ${requests}`);
  assert.deepEqual(kinds, ["api cookie 4", "other no-freshness 3", "api no-freshness 2"]);
});

test("what was not seen for a while is not listed, since somebody may have seen to it", () => {
  const worth = new WorthCaching({ forMs: 1_000 });
  noteOften(worth, "/tags", 5);
  assert.equal(worth.list(999).length, 1);
  assert.equal(worth.list(1_000).length, 0);
});

test("what is frequent is never missed among any number of kinds, and never counted too high", () => {
  const kinds = fc.array(fc.nat({ max: 40 }), { maxLength: 400 });
  fc.assert(
    fc.property(kinds, fc.boolean(), (sequence, isCountedAgain) => {
      const spots = 10;
      const worth = new WorthCaching({ spots, listed: spots });
      const counts = new Map<string, number>();
      const known = new Map<string, ReturnType<WorthCaching["note"]>>();
      for (const kind of sequence) {
        const path = `/kind-${"abcdefghij"[kind % 10]}${"abcdefghij"[Math.floor(kind / 10)]}`;
        const spot = known.get(path);
        const noted =
          spot !== undefined && isCountedAgain ? worth.count(spot) : worth.note(at(path), "no-freshness", 1, 0);
        known.set(path, noted);
        counts.set(path, (counts.get(path) ?? 0) + 1);
      }
      for (const { path, requests } of worth.list(0)) assert.ok(requests <= counts.get(path)!);
      for (const [path, count] of counts) {
        const spot = known.get(path)!;
        if (count > sequence.length / spots) assert.ok(!spot.isGone && spot.requests >= count, path);
      }
    }),
  );
});

test("a request that passes costs a count, and nothing is kept of it", () => {
  const worth = new WorthCaching();
  const spot = worth.note(at("/tags"), "private", 1, 0);
  for (let n = 0; n < 100; n++) assert.equal(worth.count(spot), spot);
  assert.equal(worth.list(0)[0]!.requests, 101);
});
