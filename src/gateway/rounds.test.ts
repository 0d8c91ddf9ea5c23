import assert from "node:assert/strict";
import { test } from "node:test";
import { Rounds } from "./rounds.ts";

function visited(rounds: Rounds<number>): number[] {
  const seen: number[] = [];
  rounds.visit((item) => seen.push(item));
  return seen;
}

test("a round sees each once, in parts of the same size", () => {
  const rounds = new Rounds(new Set([1, 2, 3, 4, 5, 6, 7]), 3);
  const parts = Array.from({ length: 4 }, () => visited(rounds));
  assert.deepEqual(parts, [[1, 2, 3], [4, 5, 6], [7], [1, 2, 3]]);
});

test("however many come, those that are there are seen again", () => {
  const all = new Set(Array.from({ length: 10 }, (_, i) => i));
  const rounds = new Rounds(all, 5);
  let next = 10;
  let seen = 0;
  for (let part = 0; part < 60; part++) {
    if (visited(rounds).includes(0)) seen++;
    for (let i = 0; i < 10; i++) all.add(next++);
    for (const each of [...all].slice(1, 11)) all.delete(each);
  }
  assert.ok(seen >= 10, `seen ${seen} times`);
});

test("what leaves during a round is not seen, and costs nobody his turn", () => {
  const all = new Set([1, 2, 3, 4]);
  const rounds = new Rounds(all, 4);
  visited(rounds);
  all.delete(2);
  all.delete(3);
  assert.deepEqual([visited(rounds), visited(rounds), visited(rounds)], [[4], [], [1]]);
});

test("of nothing, nothing is seen", () => {
  assert.deepEqual(visited(new Rounds(new Set<number>(), 3)), []);
});
