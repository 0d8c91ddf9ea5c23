import assert from "node:assert/strict";
import { test } from "node:test";
import { type Waiting, WaitingLine } from "./waiting-line.ts";

class Guest implements Waiting {
  ahead: this | undefined = undefined;
  behind: this | undefined = undefined;
  isInLine = false;
  rank: number;
  readonly name: string;

  constructor(name: string, rank: number) {
    this.name = name;
    this.rank = rank;
  }
}

function lineOf(...guests: readonly Guest[]): WaitingLine<Guest> {
  const line = new WaitingLine<Guest>();
  for (const guest of guests) line.push(guest);
  return line;
}

function serveAll(line: WaitingLine<Guest>): string {
  let names = "";
  for (let next = line.next(); next !== undefined; next = line.next()) {
    names += next.name;
    line.remove(next);
  }
  return names;
}

test("higher priorities go first, and within one who came first", () => {
  const line = lineOf(new Guest("e", 2), new Guest("c", 1), new Guest("a", 0), new Guest("d", 1), new Guest("b", 0));
  assert.equal(line.length, 5);
  assert.equal(line.before(1), 4);
  assert.equal(serveAll(line), "abcde");
  assert.equal(line.length, 0);
});

test("whoever gives up leaves no gap, wherever he stood", () => {
  for (const gone of [0, 1, 2]) {
    const guests = ["a", "b", "c"].map((name) => new Guest(name, 1));
    const line = lineOf(...guests);
    line.remove(guests[gone]!);
    line.remove(guests[gone]!);
    assert.equal(line.length, 2);
    assert.equal(serveAll(line), "abc".replace(guests[gone]!.name, ""));
  }
});

test("who goes last of those below is the newest of the lowest", () => {
  const line = lineOf(new Guest("a", 0), new Guest("b", 1), new Guest("c", 2), new Guest("d", 2));
  assert.equal(line.lastBelow(0)?.name, "d");
  assert.equal(line.lastBelow(1)?.name, "d");
  assert.equal(line.lastBelow(2), undefined);
});
