import assert from "node:assert/strict";
import { test } from "node:test";
import { describeRedis, withoutSecrets } from "./redis-address.ts";

test("an address is called by what is no secret of it", () => {
  const table: [string, string][] = [
    ["redis://localhost", "Redis at localhost:6379"],
    ["redis://user:pass%40word@cache.internal:7000/2?x=secret", "Redis at cache.internal:7000"],
    ["rediss://:password@[::1]:7000", "Redis at [::1]:7000"],
    ["unix:///run/redis.sock?db=1", "Redis at /run/redis.sock"],
    ["unix://user:password@/run/redis.sock", "Redis at /run/redis.sock"],
  ];
  for (const [url, expected] of table) assert.equal(describeRedis(url), expected);
});

test("what is no address is refused, and not repeated", () => {
  for (const url of ["", "secret", "http://secret@host", "redis://", "redis://host/secret", "redis://:sec ret@h:x"]) {
    assert.throws(
      () => describeRedis(url),
      (error: Error & { code: string }) =>
        error.code === "LIMITS_STORE_ADDRESS" && !`${error.message}${error.stack}`.includes("secret"),
      url,
    );
  }
});

test("what Redis says is repeated without the password", () => {
  const url = "redis://user:pass%40word@host";
  assert.equal(withoutSecrets("WRONGPASS for pass@word or pass%40word", url), "WRONGPASS for … or …");
  const old = "ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `user`, `pass@word`";
  assert.equal(withoutSecrets(old, url), "ERR unknown command `HELLO`");
  assert.equal(withoutSecrets("LOADING", "redis://host"), "LOADING");
});
