import assert from "node:assert/strict";
import { test } from "node:test";
import { StickyCookie } from "./sticky.ts";

const upstreams = [{ id: "api-1" }, { id: "api-2" }, { id: "api-3" }];
const toCookie = (setCookie: string): string => setCookie.slice(0, setCookie.indexOf(";"));

test("the cookie that is set leads back to its upstream, in every gateway", () => {
  const [here, there] = [new StickyCookie("sid", upstreams), new StickyCookie("sid", upstreams.toReversed())];
  for (const upstream of upstreams) {
    const cookie = toCookie(here.setCookie(upstream, false));
    assert.equal(here.find(`theme=dark; ${cookie}`), upstream);
    assert.equal(there.find(cookie), upstream);
  }
});

test("the cookie is out of reach of scripts and other sites, and of http once it came by https", () => {
  const sticky = new StickyCookie("sid", upstreams);
  assert.match(sticky.setCookie(upstreams[0]!, false), /^sid=[\w-]{16}; Path=\/; HttpOnly; SameSite=Lax$/);
  assert.match(sticky.setCookie(upstreams[0]!, true), /; SameSite=Lax; Secure$/);
});

test("the token does not tell who the upstream is, and differs from service to service", () => {
  const [api, web] = [new StickyCookie("sid_api", upstreams), new StickyCookie("sid_web", upstreams)];
  const token = toCookie(api.setCookie(upstreams[0]!, false)).slice("sid_api=".length);
  assert.doesNotMatch(token, /api/);
  assert.equal(web.find(`sid_web=${token}`), undefined);
});

test("cookies that lead nowhere find nothing", () => {
  const sticky = new StickyCookie("sid", upstreams.slice(0, 1));
  const ofAnother = toCookie(new StickyCookie("sid", upstreams).setCookie(upstreams[2]!, false));
  for (const header of [undefined, "", "sid=", "sid=api-1", "other=1", "sid=__proto__", ofAnother]) {
    assert.equal(sticky.find(header), undefined);
  }
});
