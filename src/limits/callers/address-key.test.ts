import assert from "node:assert/strict";
import { test } from "node:test";
import { addressKey } from "./address-key.ts";

test("IPv4 is counted by address, IPv6 by its /64, however it is written", () => {
  const keys: Readonly<Record<string, string>> = {
    "203.0.113.7": "203.0.113.7",
    "::ffff:203.0.113.7": "203.0.113.7",
    "::FFFF:203.0.113.7": "203.0.113.7",
    "::ffff:cb00:7107": "203.0.113.7",
    "0:0:0:0:0:ffff:cb00:7107": "203.0.113.7",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
    "2001:0DB8:0001:0002::1": "2001:db8:1:2::/64",
    "2001:db8::1": "2001:db8:0:0::/64",
    "2001:db8::": "2001:db8:0:0::/64",
    "::1": "0:0:0:0::/64",
    "::": "0:0:0:0::/64",
    "1::2:3:4:5:6:7": "1:0:2:3::/64",
    "fe80::1%eth0": "fe80:0:0:0::/64",
    "64:ff9b::203.0.113.7": "64:ff9b:0:0::/64",
    "203.0.113.7:4711": "203.0.113.7",
    "[2001:db8::1]:4711": "2001:db8:0:0::/64",
    "[2001:db8::1]": "2001:db8:0:0::/64",
    "[fe80::1%eth0]:80": "fe80:0:0:0::/64",
    "[::ffff:203.0.113.7]:80": "203.0.113.7",
    "": "unknown",
    "not:an:address": "not:an:address",
  };
  for (const [address, key] of Object.entries(keys)) assert.equal(addressKey(address), key, address);
});
