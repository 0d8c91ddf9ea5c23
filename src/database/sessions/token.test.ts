import assert from "node:assert/strict";
import { test } from "node:test";
import { TokenSeal } from "./token.ts";

const token = { system: "7570394857203948572", timeline: 3, lsn: 0x16_b374_d848 };

test("a token comes back as it was sealed, in every process that has the secret", () => {
  const sealed = new TokenSeal(() => "secret").seal(token);
  assert.deepEqual(new TokenSeal(() => "secret").open(sealed), token);
  assert.match(sealed, /^[\w.-]+$/, "fits a cookie and a header as it is");
});

test("a token that was changed, made up or sealed with another secret is none", () => {
  const seal = new TokenSeal(() => "secret");
  const sealed = seal.seal(token);
  assert.equal(new TokenSeal(() => "other").open(sealed), undefined);
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === "b" ? "c" : "b") + sealed.slice(at + 1);
    // The last character of 128 bits in base64url has four bits that say nothing.
    if (at < sealed.length - 1) assert.equal(seal.open(changed), undefined, changed);
  }
  for (const text of ["", ".", "1.1.1.1.", sealed.slice(0, -4), sealed + "a", "x".repeat(10_000)]) {
    assert.equal(seal.open(text), undefined, text.slice(0, 100));
  }
});
