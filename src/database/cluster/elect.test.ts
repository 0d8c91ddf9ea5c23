import assert from "node:assert/strict";
import { test } from "node:test";
import { elect, type NodeView } from "./elect.ts";
import type { NodeFacts } from "./node-facts.ts";

interface Named extends NodeView {
  readonly name: string;
}

const node = (
  name: string,
  role: NodeFacts["role"],
  { timeline = 1, system = "7", isSilent = false }: { timeline?: number; system?: string; isSilent?: boolean } = {},
): Named => ({
  name,
  isSilent,
  facts: { system, role, version: 180_000, hasPooler: false, reached: { timeline, lsn: 100 }, askedAt: 0, epoch: 0 },
});

const nothingKnown = { system: undefined, timeline: 0 };

test("one primary and its standbys", () => {
  const nodes = [node("a", "primary"), node("b", "standby"), node("c", "standby", { isSilent: true })];
  const { primary, standbys, fenced } = elect(nodes, nothingKnown);
  assert.equal(primary?.name, "a");
  assert.deepEqual(standbys, [nodes[1]]);
  assert.equal(fenced.size, 0);
});

test("of two primaries the one that was promoted counts, and the other is fenced, with who follows it", () => {
  const nodes = [
    node("old", "primary"),
    node("new", "primary", { timeline: 2 }),
    node("follows new", "standby", { timeline: 2 }),
    node("follows old", "standby"),
  ];
  const { primary, standbys, fenced, timeline } = elect(nodes, nothingKnown);
  assert.equal(primary?.name, "new");
  assert.deepEqual(standbys, [nodes[2]]);
  assert.deepEqual(
    [...fenced].map(([{ name }, why]) => [name, why]),
    [
      ["old", "old primary"],
      ["follows old", "old timeline"],
    ],
  );
  assert.equal(timeline, 2);
});

test("an old primary that comes back alone is not gone back to", () => {
  const { primary, fenced } = elect([node("old", "primary")], { system: "7", timeline: 2 });
  assert.equal(primary, undefined);
  assert.equal(fenced.size, 1);
});

test("a silent primary stays it until another is seen", () => {
  const silent = node("a", "primary", { isSilent: true });
  assert.equal(elect([silent, node("b", "standby")], nothingKnown).primary, silent);
  assert.equal(elect([silent, node("b", "primary", { timeline: 2 })], nothingKnown).primary?.name, "b");
});

test("a server of another system is none of ours", () => {
  const { standbys, fenced } = elect([node("a", "primary"), node("b", "standby", { system: "8" })], {
    system: "7",
    timeline: 1,
  });
  assert.deepEqual(standbys, []);
  assert.deepEqual([...fenced.values()], ["other system"]);
});

test("who has never answered is nothing", () => {
  const { primary, standbys } = elect([{ name: "a", facts: undefined, isSilent: true }], nothingKnown);
  assert.equal(primary, undefined);
  assert.deepEqual(standbys, []);
});
