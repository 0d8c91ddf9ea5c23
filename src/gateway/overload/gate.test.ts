import assert from "node:assert/strict";
import { test } from "node:test";
import type { Problem } from "../../http/index.ts";
import { Gate, type Guest } from "./gate.ts";

class Visitor implements Guest {
  rank: number;
  ahead: this | undefined = undefined;
  behind: this | undefined = undefined;
  isInLine = false;
  waitsSince = 0;
  deadlineAt: number;
  fate = "";

  constructor(rank = 1, deadlineAt = Infinity) {
    this.rank = rank;
    this.deadlineAt = deadlineAt;
  }

  onAdmitted(): void {
    this.fate = "admitted";
  }

  onTurnedAway(problem: Problem): void {
    this.fate = problem.code;
  }
}

const options = { queue: 1_000, queueTimeoutMs: 1_000 };

function enter(gate: Gate, now: number, visitor = new Visitor()): Visitor {
  const answer = gate.enter(visitor, now);
  if (answer === "inside") visitor.onAdmitted();
  else if (answer !== "waiting") visitor.onTurnedAway(answer);
  return visitor;
}

/** As a service that does so many a second, told so by two seconds in which it is full, and one waits. */
function paced(gate: Gate, perSecond: number): Gate {
  for (let i = 0; i <= gate.limit; i++) enter(gate, 0);
  for (let i = 0; i < 20; i++) {
    for (let each = 0; each < perSecond / 10; each++) {
      gate.leave(5, 1_000);
      enter(gate, 0);
    }
    gate.look(100);
  }
  return gate;
}

test("a limit that rises lets in as many as there is room for, and one that falls throws nobody out", () => {
  const gate = new Gate(1, options);
  const visitors = Array.from({ length: 5 }, () => enter(gate, 0));
  gate.setLimit(3, 1);
  assert.deepEqual(
    visitors.map(({ fate }) => fate),
    ["admitted", "admitted", "admitted", "", ""],
  );
  gate.setLimit(1, 2);
  assert.equal(gate.inFlight, 3);
  gate.leave(5, 1_000);
  gate.leave(5, 1_000);
  assert.equal(gate.waiting, 2);
  gate.leave(5, 1_000);
  assert.equal(gate.waiting, 1);
  gate.close({ status: 503, code: "CLOSED", detail: "" });
  assert.equal(visitors[4]!.fate, "CLOSED");
});

test("once it is known how fast the line moves, nobody is let into a part of it that moves too late", () => {
  const gate = paced(new Gate(20, options), 200);
  const visitors = Array.from({ length: 300 }, () => enter(gate, 10));
  const waiting = visitors.filter(({ fate }) => fate === "").length;
  assert.ok(waiting > 150 && waiting < 250, `${waiting} wait`);
  assert.equal(visitors.at(-1)!.fate, "GATEWAY_OVERLOADED");
  gate.close({ status: 503, code: "CLOSED", detail: "" });
});

test("how few came while nobody had to wait says nothing of how fast a line moves", () => {
  const gate = new Gate(10, options);
  for (let i = 0; i < 20; i++) {
    enter(gate, 0);
    gate.leave(100, 0);
    gate.look(100);
  }
  const visitors = Array.from({ length: 500 }, () => enter(gate, 10));
  gate.look(100);
  visitors.push(enter(gate, 20));
  assert.equal(visitors.filter(({ fate }) => fate === "").length, 491);
  gate.close({ status: 503, code: "CLOSED", detail: "" });
});

test("a line that has stood for half the time-out is cut down to a tenth of it", () => {
  const gate = new Gate(1, options);
  const began = 1_000;
  enter(gate, began);
  const visitors = [0, 100, 400, 450].map((at) => enter(gate, began + at));
  gate.sweep(began + 500);
  assert.ok(visitors.every(({ fate }) => fate === ""));
  gate.sweep(began + 505);
  assert.deepEqual(
    visitors.map(({ fate }) => fate),
    ["GATEWAY_OVERLOADED", "GATEWAY_OVERLOADED", "GATEWAY_OVERLOADED", ""],
  );
  gate.sweep(began + 560);
  assert.equal(gate.waiting, 0);
  assert.deepEqual(gate.shed, [0, 4, 0]);
});

test("one whose deadline is nearer than the shortest answer is told at once, and one whose deadline passes in line is not let in", () => {
  const gate = new Gate(1, options);
  enter(gate, 0);
  gate.leave(50, 1_000);
  gate.look(100);
  assert.equal(enter(gate, 1_000, new Visitor(1, 1_049)).fate, "GATEWAY_DEADLINE_UNMEETABLE");
  enter(gate, 1_000);
  const late = enter(gate, 1_000, new Visitor(1, 1_100));
  const patient = enter(gate, 1_000, new Visitor(1, 9_000_000));
  gate.sweep(1_101);
  assert.equal(late.fate, "GATEWAY_DEADLINE_UNMEETABLE");
  gate.setLimit(2, 1_102);
  assert.equal(patient.fate, "admitted");
});

test("what is turned away is demand that was not met, and is seen as such by who looks at the load", () => {
  const gate = new Gate(1, { queue: 0, queueTimeoutMs: 1_000 });
  enter(gate, 0);
  assert.equal(gate.meter.take(1, { now: 0, durationMs: 100, upstreams: 1 }).isContended, false);
  enter(gate, 0, new Visitor(2));
  enter(gate, 0, new Visitor(0));
  assert.deepEqual(gate.shed, [1, 0, 1]);
  assert.equal(gate.meter.take(1, { now: 100, durationMs: 100, upstreams: 1 }).isContended, true);
});
