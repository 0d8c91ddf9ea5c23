import assert from "node:assert/strict";
import { test } from "node:test";
import { hashPassword, verifyPassword } from "../src/auth/password.ts";

test("a password opens its own hash and no other does", async () => {
  const hash = await hashPassword("correct horse é");
  assert.match(hash, /^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.equal(await verifyPassword("correct horse é", hash), true);
  assert.equal(await verifyPassword("correct horse e\u0301", hash), true);
  assert.equal(await verifyPassword("correct horse", hash), false);
});

test("nobody's password is never right", async () => {
  assert.equal(await verifyPassword("", undefined), false);
});

test("a hash made at another cost still opens: the second vector of RFC 7914, cut to 32 bytes", async () => {
  const older = "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI";
  assert.equal(await verifyPassword("password", older), true);
});
