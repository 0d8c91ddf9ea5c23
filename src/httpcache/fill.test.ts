import assert from "node:assert/strict";
import { test } from "node:test";
import type { CachedRequest } from "./cached-request.ts";
import { Fill } from "./fill.ts";
import type { FillReader } from "./fill-parties.ts";
import { HttpCache } from "./http-cache.ts";

const rules = { staleWhileRevalidateMs: 0, staleIfErrorMs: 0, stripSetCookie: false, ignoresCookies: false, key: [] };
const source = { resume: () => undefined, onUnattended: () => undefined, abandon: () => undefined };

function reader(onAskAgain: () => void): FillReader & { body: string } {
  return {
    body: "",
    onReady({ text }) {
      this.body += text.slice(text.indexOf("\r\n\r\n") + 4);
    },
    onBegin: () => undefined,
    onBody(bytes) {
      this.body += bytes.toString("latin1");
      return true;
    },
    onAskAgain,
    onAlone: () => assert.fail(),
    onFailed: () => assert.fail(),
    onBroken: () => assert.fail(),
    onEnd: () => undefined,
  };
}

test("who is sent back may go on at once with something that this very answer is for", () => {
  const cache = new HttpCache({ maxBytes: 1_000_000 });
  const requestOf = (language: string): CachedRequest => {
    const fields = ["Host", "a.test", "X-Language", language];
    const view = cache.read(fields);
    return { method: "GET", view, fields, service: "s", origin: "http://a.test", target: "/", rules, isFellow: false };
  };
  const ask = (request: CachedRequest): Fill => {
    const verdict = cache.ask(request);
    assert.ok(verdict instanceof Fill);
    return verdict;
  };
  const [first, other, next] = ["en", "de", "en"].map(requestOf) as [CachedRequest, CachedRequest, CachedRequest];
  const fill = ask(first);
  fill.begin(source);
  const ofNext = reader(() => assert.fail());
  fill.join(
    reader(() => assert.fail()),
    first,
  );
  // As one does whose next request was pipelined behind this one.
  fill.join(
    reader(() => ask(next).join(ofNext, next)),
    other,
  );
  const now = Date.now();
  const fields = ["Cache-Control", "max-age=60", "Vary", "X-Language"];
  assert.equal(fill.onHead({ status: 200, fields, requestedAt: now, receivedAt: now, length: 5 }), "take");
  fill.onBytes(Buffer.from("hello"), 0, 5);
  fill.deliver();
  fill.onEnd();
  assert.equal(ofNext.body, "hello");
});
