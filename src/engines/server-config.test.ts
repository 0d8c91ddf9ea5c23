import assert from "node:assert/strict";
import { test } from "node:test";
import { fingerprint, toAccessRules, toServerConfig } from "./server-config.ts";

const GiB = 1_073_741_824;
const settings = { port: 5999, maxConnections: 80, memoryBytes: 4 * GiB };

test("a server listens on the loopback only, with passwords only, and does not trade durability for speed", () => {
  const config = toServerConfig(settings);
  assert.match(config, /^listen_addresses = '127\.0\.0\.1'$/m);
  assert.match(config, /^unix_socket_directories = ''$/m);
  assert.match(config, /^max_connections = 80$/m);
  assert.doesNotMatch(config, /fsync|synchronous_commit|full_page_writes/);
  for (const line of toAccessRules()
    .split("\n")
    .filter((each) => each.startsWith("host"))) {
    assert.match(line, /(scram-sha-256|reject)$/);
  }
});

test("buffers follow the machine's memory, within bounds", () => {
  const sizes = [0.5, 4, 64].map(
    (memory) => /shared_buffers = '(\d+)MB'/.exec(toServerConfig({ ...settings, memoryBytes: memory * GiB }))?.[1],
  );
  assert.deepEqual(sizes, ["64", "256", "1024"]);
});

test("a replica's configuration survives quotes and backslashes in its path", () => {
  const standby = { primaryPort: 1, slot: "tenfold_node_2", passwordFile: "/it's\\here/pass" };
  const line = toServerConfig({ ...settings, standby })
    .split("\n")
    .find((each) => each.startsWith("primary_conninfo"))!;
  assert.ok(line.includes(`passfile=''/it\\\\''s\\\\\\\\here/pass''`), line);
});

test("a fingerprint changes with the version and with each content", () => {
  const all = [
    fingerprint("18.4", "a", "b"),
    fingerprint("18.5", "a", "b"),
    fingerprint("18.4", "ab", ""),
    fingerprint("18.4", "a", "c"),
  ];
  assert.equal(new Set(all).size, 4);
});
