import assert from "node:assert/strict";
import { test } from "node:test";
import { readRedisUrl } from "./engine-urls.ts";

const read = (url: string) => readRedisUrl({ values: { REDIS_URL: url }, files: new Map() });

test("a Redis is named by its URL, with TLS and without", () => {
  for (const url of [
    "redis://cache",
    "redis://cache:6379",
    "redis://user:p%40ss@cache:6379/3",
    "rediss://:pass@cache.example:6380/",
    "redis://[::1]:6379",
  ]) {
    assert.deepEqual(read(url), { redis: { url }, problems: [] }, url);
  }
  assert.deepEqual(read(""), { redis: undefined, problems: [] });
});

test("what is no Redis URL is refused, with the fix, and without its password", () => {
  const table: readonly [url: string, found: RegExp, hint: RegExp | undefined][] = [
    ["cache:6379", /^"cache:6379"$/, /write "redis:\/\/cache:6379"/],
    ["app:geheim@cache:6379", /^"\*\*\*@cache:6379"$/, /write "redis:\/\/app:\*\*\*@cache:6379"/],
    ["10.0.0.5:6379", /^"10\.0\.0\.5:6379"$/, /write "redis:\/\/10\.0\.0\.5:6379"/],
    ["https://cache:6379", /^"https:/, undefined],
    ["redis://:geheim#@cache", /^"redis:/, /percent-encode/],
    ["redis://app:12#geheim@cache", /^"redis:\/\/\*\*\*@cache"$/, /percent-encode/],
    ["redis://app:12/geheim@cache", /^"redis:\/\/\*\*\*@cache", with a path/, /a number/],
    ["redis://", /without a host/, undefined],
    ["redis://cache/sessions", /with a path/, /a number/],
  ];
  for (const [url, found, hint] of table) {
    const [problem, ...more] = read(url).problems;
    assert.deepEqual([problem?.path, more], ["REDIS_URL", []], url);
    assert.match(problem!.found, found);
    assert.match(problem!.hint ?? "", hint ?? /^$/);
    assert.doesNotMatch(JSON.stringify(problem), /geheim/);
  }
});
