import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { assertShares, candidatesOf, selectorContract, tally } from "./contract.ts";
import { hash32 } from "./hash.ts";
import { ipHash } from "./ip-hash.ts";

const clients = Array.from({ length: 4_000 }, (_, i) => hash32(`10.1.${i >> 8}.${i & 255}`));

suite("ip hash", () => {
  selectorContract(ipHash);

  test("a client stays with its upstream whatever the load", () => {
    const candidates = candidatesOf(1, 1, 1);
    const select = ipHash(Math.random);
    for (const client of clients.slice(0, 100)) {
      const chosen = select(candidates, client, 0)!;
      chosen.inFlight += 1_000;
      assert.equal(select(candidates, client, 0), chosen);
    }
  });

  test("another gateway, and another order, give the same answer", () => {
    const candidates = candidatesOf(1, 2, 3, 4);
    const [one, other] = [ipHash(Math.random), ipHash(Math.random)];
    for (const client of clients) {
      assert.equal(one(candidates, client, 0), other(candidates.toReversed(), client, 0));
    }
  });

  test("clients are shared out by weight", () => {
    const candidates = candidatesOf(1, 2, 5);
    const select = ipHash(Math.random);
    assertShares(
      tally(candidates, clients.length, (i) => select(candidates, clients[i]!, 0)),
      [1, 2, 5],
      0.12,
    );
  });

  test("when one leaves, only its clients move; when it returns, they return", () => {
    const all = candidatesOf(1, 1, 1, 1);
    const rest = all.filter(({ id }) => id !== "b");
    const select = ipHash(Math.random);
    const before = clients.map((client) => select(all, client, 0));
    for (const [i, client] of clients.entries()) {
      if (before[i]!.id !== "b") assert.equal(select(rest, client, 0), before[i]);
    }
    assert.deepEqual(
      clients.map((client) => select(all, client, 0)),
      before,
    );
  });
});
