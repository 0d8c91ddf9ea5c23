import assert from "node:assert/strict";
import { test } from "node:test";
import { foundText } from "./found.ts";
import { isSecretPath, maskUrl } from "./secrets.ts";

test("names that hold secrets are known, also in lists of variables", () => {
  const env = (name: string): string => `services.api.env.${name}`;
  for (const name of [
    "JWT_SECRET",
    "API_KEY",
    "apiKey",
    "DB_PASSWORD",
    "STRIPE_SECRET_KEY",
    "TOKENS",
    "SENTRY_DSN",
    "SECRET",
  ]) {
    assert.ok(isSecretPath(env(name)), name);
  }
  for (const name of ["KEYBOARD", "REGION", "MONKEY", "TOKENIZER", "NODE_ENV"])
    assert.ok(!isSecretPath(env(name)), name);
  assert.ok(isSecretPath("control.token"));
  for (const path of ["services.api.cache.key", "services.api.routes[0].cache.key", "gateway.balance.key"])
    assert.ok(!isSecretPath(path), path);
});

test("limits may have any name, and by what a tier knows its callers is hidden", () => {
  for (const path of ["gateway.limits.api-key", "services.api.limits.token", "gateway.limits.x.tiers.key"])
    assert.ok(!isSecretPath(path), path);
  for (const path of ["gateway.limits.x.maxKeys", "gateway.jwt.publicKey", "gateway.events.x.limits.token"])
    assert.ok(!isSecretPath(path), path);
  for (const path of ["gateway.tiers.x.header.x-id", "gateway.tiers.x.header.x-id[0]", "gateway.jwt.secret"])
    assert.ok(isSecretPath(path), path);
  assert.equal(foundText({ header: { "x-id": ["a"] } }, "gateway.tiers.x"), "{ header: { x-id: [(hidden)] } }");
});

test("passwords in URLs are masked", () => {
  assert.equal(
    maskUrl("postgres://app:pw@db:5432/x?password=geheim&a=1"),
    "postgres://app:***@db:5432/x?password=***&a=1",
  );
  assert.equal(maskUrl("redis://:pw@cache"), "redis://:***@cache");
  assert.equal(maskUrl("http://10.0.0.5:3000"), "http://10.0.0.5:3000");
});

test("a value is shown as it would be written, shortened, its secrets hidden", () => {
  assert.equal(foundText(undefined), "nothing");
  assert.equal(foundText({ a: [1, "b"], token: "x" }), '{ a: [1, "b"], token: (hidden) }');
  assert.equal(foundText(null), "null");
  assert.ok(foundText("x".repeat(500)).length < 70);
});
