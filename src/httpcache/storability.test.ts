import assert from "node:assert/strict";
import { test } from "node:test";
import { readAnswerPolicy } from "./answer-policy.ts";
import { type Refusal, refuseToStore, type StorableRequest, type StoringRules } from "./storability.ts";

interface Case {
  readonly request?: Partial<StorableRequest>;
  readonly status?: number;
  /** Cache-Control; `undefined`: none. */
  readonly control?: string;
  readonly raw?: readonly string[];
  readonly rules?: Partial<StoringRules>;
}

function refusal({ request, status = 200, control, raw = [], rules }: Case): Refusal | undefined {
  const all = control === undefined ? raw : ["Cache-Control", control, ...raw];
  return refuseToStore(
    { method: "GET", hasAuthorization: false, hasCookie: false, isNoStore: false, ...request },
    { status, raw: all, policy: readAnswerPolicy(all, Date.now()) },
    { stripSetCookie: false, ignoresCookies: false, key: [], ...rules },
  );
}

const etag = ["ETag", '"x"'];
const authorized = { hasAuthorization: true };

const stored: readonly Case[] = [
  { control: "max-age=5" },
  { control: "s-maxage=5" },
  { raw: ["Expires", "Fri, 01 Jan 2100 00:00:00 GMT"] },
  { control: "max-age=5", status: 404 },
  { control: "max-age=5", status: 500 },
  { control: "max-age=5", status: 299 },
  { control: "max-age=5", status: 302 },
  { control: "max-age=5, no-store, must-understand" },
  { control: 'max-age=5, private="x"' },
  { control: 'max-age=5, private="set-cookie"', raw: ["Set-Cookie", "a=b"] },
  { control: "max-age=5", raw: ["Set-Cookie", "a=b"], rules: { stripSetCookie: true } },
  { control: "max-age=5", raw: ["Vary", "Accept"] },
  { control: "max-age=5, public", request: authorized },
  { control: "max-age=5, must-revalidate", request: authorized },
  { control: "s-maxage=5", request: authorized },
  { control: "no-cache", raw: etag },
  { control: "max-age=0", raw: etag },
  { control: "max-age=0", raw: ["Last-Modified", "Fri, 01 Jan 2021 00:00:00 GMT"] },
  { control: "max-age=0, stale-while-revalidate=5" },
  { control: "max-age=0, stale-if-error=5" },
  { rules: { ttlMs: 5_000 } },
  { rules: { heuristicMaxMs: 5_000 } },
  { status: 404, rules: { ttlMs: 5_000 } },
  { status: 201, control: "public", rules: { heuristicMaxMs: 5_000 } },
];

for (const each of stored) test(`stored: ${JSON.stringify(each)}`, () => assert.equal(refusal(each), undefined));

const refused: readonly (readonly [Refusal, Case])[] = [
  ["method", { request: { method: "POST" }, control: "max-age=5" }],
  ["method", { request: { method: "HEAD" }, control: "max-age=5" }],
  ["request-no-store", { request: { isNoStore: true }, control: "max-age=5" }],
  ["status", { status: 206, control: "max-age=5" }],
  ["status", { status: 304, control: "max-age=5" }],
  ["status", { status: 103, control: "max-age=5" }],
  ["unknown-status", { status: 299, control: "max-age=5, must-understand" }],
  ["no-store", { control: "max-age=5, no-store" }],
  ["no-store", { control: "max-age=5, No-Store=1" }],
  ["private", { control: "max-age=5, private" }],
  ["private", { control: 'max-age=5, private="x' }],
  ["private", { control: "max-age=5, private, must-understand, no-store" }],
  ["authorization", { control: "max-age=5", request: authorized }],
  ["authorization", { control: "max-age=5, proxy-revalidate", request: authorized }],
  ["authorization", { request: authorized, rules: { ttlMs: 5_000 } }],
  ["set-cookie", { control: "max-age=5", raw: ["Set-Cookie", "a=b"] }],
  ["set-cookie", { control: "max-age=5, public", raw: ["set-cookie", "a=b"] }],
  ["vary", { control: "max-age=5", raw: ["Vary", "Accept, *"] }],
  ["no-freshness", {}],
  ["no-freshness", { raw: etag }],
  ["no-freshness", { control: "public" }],
  ["no-freshness", { status: 500, rules: { ttlMs: 5_000 } }],
  ["no-freshness", { status: 302, rules: { heuristicMaxMs: 5_000 } }],
  ["no-validator", { control: "no-cache" }],
  ["no-validator", { control: "max-age=0" }],
  ["no-validator", { control: "max-age=5, no-cache" }],
];

for (const [reason, each] of refused) {
  test(`not stored, ${reason}: ${JSON.stringify(each)}`, () => assert.equal(refusal(each), reason));
}
