import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { type CachedRequest, readRequestView } from "./cached-request.ts";
import type { Fill } from "./fill.ts";
import { HttpCache } from "./http-cache.ts";
import type { PurgeOrder } from "./purge-order.ts";

const rules = { staleWhileRevalidateMs: 0, staleIfErrorMs: 0, stripSetCookie: false, ignoresCookies: false, key: [] };
const request: CachedRequest = {
  method: "GET",
  view: readRequestView([]),
  fields: [],
  service: "api",
  origin: "http://a.test",
  target: "/articles/5",
  rules,
  isFellow: false,
};

function begin(cache: HttpCache): Fill {
  const fill = cache.ask(request);
  assert.ok(fill.kind === "fill" && fill.isNew);
  fill.begin({ resume() {}, onUnattended() {}, abandon() {} });
  return fill;
}

function bring(fill: Fill, body: string): void {
  const fields = ["Cache-Control", "max-age=60", "Cache-Tag", "article-5"];
  const disposition = fill.onHead({ status: 200, fields, requestedAt: 0, receivedAt: 0, length: body.length });
  assert.equal(disposition, "take");
  fill.onBytes(Buffer.from(body), 0, body.length);
  fill.onEnd();
}

/** A sweep of so few answers is one step. */
async function swept(): Promise<void> {
  for (let i = 0; i < 3; i++) await turn();
}

const orders: readonly PurgeOrder[] = [
  { mode: "hard", by: "url", url: "http://a.test/articles/5" },
  { mode: "hard", by: "url", url: "/articles/5" },
  { mode: "hard", by: "prefix", url: "/articles/" },
  { mode: "hard", by: "tag", tags: ["article-5"] },
  { mode: "hard", by: "all" },
];

for (const order of orders) {
  const name = `${order.by} ${"url" in order ? order.url : ""}`.trim();

  test(`what was purged on its way is not kept, when another has been asked for since: ${name}`, async () => {
    const cache = new HttpCache({ maxBytes: 1024 * 1024, now: () => 0 });
    const before = begin(cache);
    cache.purge(order);
    const since = begin(cache);
    await swept();
    // With the next one, those before it are forgotten that concern nothing any more.
    cache.purge({ mode: "hard", by: "url", url: "http://a.test/other" });
    await swept();
    bring(before, "old");
    assert.equal(cache.ask(request), since);
    bring(since, "new");
    assert.equal(cache.ask(request).kind, "ready");
  });
}
