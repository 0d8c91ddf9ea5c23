import assert from "node:assert/strict";
import { test } from "node:test";
import { requestCookie } from "./request-cookie.ts";

test("a cookie is the same however it is spelled", () => {
  for (const spelling of ["sid=ab1", 'sid="ab1"', "sid=%61b1", "sid=%61%62%31", "a=b; sid=a%621; sid=other"]) {
    assert.equal(requestCookie(spelling, "sid"), "ab1", spelling);
  }
});

test("what is no encoding stays as it is", () => {
  assert.equal(requestCookie("sid=100%", "sid"), "100%");
  assert.equal(requestCookie("sid=%ff%61", "sid"), "%ff%61");
  assert.equal(requestCookie("other=1", "sid"), undefined);
  assert.equal(requestCookie(undefined, "sid"), undefined);
});
