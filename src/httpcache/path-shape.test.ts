import assert from "node:assert/strict";
import { test } from "node:test";
import { pathShape } from "./path-shape.ts";

test("paths of one kind have one shape", () => {
  const table: [target: string, shape: string][] = [
    ["/", "/"],
    ["/api/tags", "/api/tags"],
    ["/api/tags?page=2", "/api/tags"],
    ["/users/17", "/users/:id"],
    ["/users/17/orders/4711?x=/8", "/users/:id/orders/:id"],
    ["/files/0b5f3c1e-8a1d-4f0e-9b57-3f8d2c0a7e11", "/files/:id"],
    ["/commits/9fceb02d0ae598e95dc970b74767f19372d61af8", "/commits/:id"],
    ["/orders/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/orders/:id"],
    ["/charges/ch_3MmlLrLkdIwHu7ix0snN0B15", "/charges/:id"],
    ["/verify/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N", "/verify/:id"],
    ["/reset/p3-Xk_9-aQ-77Zr_LmT0sV2wQ", "/reset/:id"],
    ["/users/jo%40example.com/posts", "/users/:id/posts"],
    ["/users/jo@example.com", "/users/:id"],
    ["/@jo/posts", "/@jo/posts"],
    ["/articles/how-to-train-10-dragons", "/articles/how-to-train-10-dragons"],
    ["/v2/cafe/facade", "/v2/cafe/facade"],
    ["/static/", "/static/"],
  ];
  for (const [target, shape] of table) assert.equal(pathShape(target), shape);
});

test("a path that has no end is cut off", () => {
  assert.equal(pathShape(`/${"a".repeat(1_000)}`).length, 121);
});
