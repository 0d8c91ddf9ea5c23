import assert from "node:assert/strict";
import { test } from "node:test";
import { addForwarding, clientAddress, createPeer } from "./forwarding.ts";
import { readRequestHead } from "./request-head.ts";
import { createTrust } from "./trusted-proxies.ts";

const isTrusted = createTrust(["10.0.0.0/8", "2001:db8::/32", "192.0.2.1"]);

function forwarded(raw: readonly string[], address: string): Record<string, string> {
  const head = readRequestHead(raw);
  const fields = addForwarding(head, head.host ?? "", createPeer(address, isTrusted), "id-1");
  return Object.fromEntries(Array.from({ length: fields.length / 2 }, (_, i) => [fields[i * 2]!, fields[i * 2 + 1]!]));
}

test("trust: addresses, networks, both families, mapped addresses", () => {
  for (const address of ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8::7", "192.0.2.1"])
    assert.ok(isTrusted(address), address);
  for (const address of ["11.1.2.3", "2001:db9::7", "192.0.2.2", "", "unknown"])
    assert.ok(!isTrusted(address), address);
});

test("what an unknown peer says about the client is replaced", () => {
  const claims = [
    "Host",
    "a.test:8080",
    "X-Forwarded-For",
    "1.1.1.1",
    "X-Forwarded-Proto",
    "https",
    "Forwarded",
    "for=1.1.1.1",
    "X-Real-IP",
    "1.1.1.1",
    "Via",
    "1.0 cache",
  ];
  assert.deepEqual(forwarded(claims, "::ffff:203.0.113.5"), {
    Host: "a.test:8080",
    "X-Forwarded-For": "203.0.113.5",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "a.test:8080",
    Forwarded: 'for=203.0.113.5;host="a.test:8080";proto=http',
    Via: "1.0 cache, 1.1 tenfold",
    "X-Request-Id": "id-1",
  });
});

test("what a trusted proxy says is extended", () => {
  const said = [
    "Host",
    "inner",
    "X-Forwarded-For",
    "1.1.1.1",
    "X-Forwarded-For",
    "10.9.9.9",
    "X-Forwarded-Proto",
    "https",
    "X-Forwarded-Host",
    "a.test",
    "Forwarded",
    "for=1.1.1.1",
    "X-Real-IP",
    "1.1.1.1",
  ];
  assert.deepEqual(forwarded(said, "10.0.0.1"), {
    Host: "inner",
    "X-Real-IP": "1.1.1.1",
    "X-Forwarded-For": "1.1.1.1, 10.9.9.9, 10.0.0.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "a.test",
    Forwarded: "for=1.1.1.1, for=10.0.0.1;host=inner;proto=http",
    Via: "1.1 tenfold",
    "X-Request-Id": "id-1",
  });
});

test("an IPv6 node is bracketed and quoted", () => {
  assert.equal(
    forwarded(["Host", "[::1]:80"], "2001:db8::7")["Forwarded"],
    'for="[2001:db8::7]";host="[::1]:80";proto=http',
  );
});

test("the client is the last address that no trusted proxy vouches for", () => {
  const table: readonly (readonly [string, string | undefined, string])[] = [
    ["203.0.113.5", "1.1.1.1", "203.0.113.5"],
    ["10.0.0.1", undefined, "10.0.0.1"],
    ["10.0.0.1", "1.1.1.1", "1.1.1.1"],
    ["10.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"],
    ["10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
    ["10.0.0.1", "", "10.0.0.1"],
  ];
  for (const [address, chain, expected] of table) {
    const head = readRequestHead(chain === undefined ? [] : ["X-Forwarded-For", chain]);
    assert.equal(clientAddress(head, createPeer(address, isTrusted), isTrusted), expected, `${address} ${chain}`);
  }
});
