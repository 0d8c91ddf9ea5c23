import assert from "node:assert/strict";
import { test } from "node:test";
import type { Consistency } from "../consistency.ts";
import { chooseNode, type Known, type Standby, type Wish } from "./choose-node.ts";
import type { NodeFacts } from "./node-facts.ts";

interface Node extends Known {
  readonly name: string;
  readonly standby: Omit<Standby<Node>, "node">;
}

const standby = (
  name: string,
  lsn: number,
  more: Partial<NodeFacts & Pick<Standby<Node>, "ageMs" | "lagMs" | "load">> = {},
): Node => {
  const { ageMs = 0, lagMs = 0, load = 0, ...rest } = more;
  const reached = { timeline: 1, lsn };
  const known = { system: "7", role: "standby", version: 180_000, hasPooler: false, askedAt: 0, epoch: 0 } as const;
  const facts = { ...known, reached, ...rest };
  return { name, facts, standby: { ageMs, lagMs, load, facts } };
};

const wish = (consistency: Consistency, more: Partial<Wish<Node>> = {}): Wish<Node> => ({
  consistency,
  written: undefined,
  writtenAt: -Infinity,
  seen: [],
  ...more,
});
const written = { timeline: 1, lsn: 100 };

/** A name, or the kind of the choice. */
function choose(of: Wish<Node>, nodes: readonly Node[]): string {
  const standbys = nodes.map((node) => ({ node, ...node.standby }));
  const choice = chooseNode(of, standbys, 25);
  return choice.kind === "standby" ? choice.node.name : choice.kind;
}

test("strong reads go to the primary, and so does everything when there is nobody else", () => {
  assert.equal(choose(wish("strong"), [standby("a", 1)]), "primary");
  assert.equal(choose(wish("any"), []), "primary");
});

test("who has written reads where that has arrived", () => {
  const nodes = [standby("behind", 99), standby("there", 100, { load: 5 })];
  assert.equal(choose(wish("session", { written }), nodes), "there");
  assert.equal(choose(wish("any", { written }), nodes), "behind");
  assert.equal(choose(wish("monotonic", { written }), nodes), "behind");
});

test("what will be there soon is waited for, what will not is read from the primary", () => {
  assert.equal(choose(wish("session", { written }), [standby("a", 99, { lagMs: 10 })]), "wait");
  assert.equal(choose(wish("session", { written }), [standby("a", 99, { lagMs: 30 })]), "primary");
  assert.equal(choose(wish("session", { written }), [standby("a", 99, { lagMs: Infinity })]), "primary");
});

test("a write of another timeline, or one that was lost sight of, is only at the primary", () => {
  assert.equal(choose(wish("session", { written: { timeline: 2, lsn: 1 } }), [standby("a", 999)]), "primary");
  assert.equal(choose(wish("session", { written: "lost" }), [standby("a", 999)]), "primary");
});

test("a session stays with the standby it has read from, and goes elsewhere only where nothing is older", () => {
  const read = standby("read", 50, { askedAt: 20, load: 9 });
  const ahead = standby("ahead", 60);
  const behind = standby("behind", 40);
  const seen = [{ node: read, epoch: 0, until: 10 }];
  assert.equal(choose(wish("session", { seen }), [behind, ahead, read]), "read");
  assert.equal(choose(wish("monotonic", { seen }), [behind, ahead]), "ahead");
  assert.equal(choose(wish("session", { seen }), [behind]), "primary");
  assert.equal(choose(wish("any", { seen }), [behind]), "behind");
  const seenLater = [{ node: read, epoch: 0, until: 21 }];
  assert.equal(
    choose(wish("session", { seen: seenLater }), [ahead]),
    "primary",
    "it may have shown more than is known",
  );
  const seenBefore = [{ node: read, epoch: -1, until: 10 }];
  assert.equal(choose(wish("session", { seen: seenBefore }), [ahead, read]), "primary", "it was started anew since");
});

test("what was read before a write is not newer than it", () => {
  const read = standby("read", 50, { askedAt: 5 });
  const there = standby("there", 100);
  const seen = [{ node: read, epoch: 0, until: 10 }];
  assert.equal(choose(wish("session", { written, writtenAt: 11, seen }), [there]), "there");
  assert.equal(choose(wish("session", { written, writtenAt: 9, seen }), [there]), "primary");
});

test("bounded reads go where nothing is older than that", () => {
  const nodes = [standby("old", 90, { ageMs: 600 }), standby("new", 90, { ageMs: 400, load: 3 })];
  assert.equal(choose(wish({ staleMs: 500 }), nodes), "new");
  assert.equal(choose(wish({ staleMs: 300 }), nodes), "primary");
});

test("without a reason to choose another, the one with the least to do is chosen", () => {
  assert.equal(choose(wish("any"), [standby("a", 1, { load: 2 }), standby("b", 1, { load: 0.5 })]), "b");
});
