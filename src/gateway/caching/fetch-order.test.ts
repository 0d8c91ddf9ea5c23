import assert from "node:assert/strict";
import { test } from "node:test";
import { orderOf } from "./fetch-order.ts";

test("a fetch asks for the whole, and has no conditions of a client", () => {
  const fields = ["If-None-Match", '"a"', "Cookie", "c"];
  const head = [
    "GET /if-range: HTTP/1.1",
    'If-None-Match: "a"',
    "X-If-Match: stays",
    "range: bytes=0-1",
    "IF-RANGE: x",
    "If-Modified-Since: then",
    "If-Unmodified-Since: then",
    "If-Match: *",
    "Range-Of: stays",
    "",
  ].join("\r\n");
  const order = orderOf({ clientAddress: "10.0.0.1", path: "/", fields, fetchHead: () => head });
  assert.equal(order.head, "GET /if-range: HTTP/1.1\r\nX-If-Match: stays\r\nRange-Of: stays\r\n");
  assert.equal(order.header("cookie"), "c");
  assert.equal(order.clientAddress, "10.0.0.1");
});
