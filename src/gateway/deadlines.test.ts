import assert from "node:assert/strict";
import { test } from "node:test";
import { findOverdue, type Overdue, type Surroundings, type Watched } from "./deadlines.ts";

const timeouts = { connectMs: 10, responseMs: 100, idleMs: 50, totalMs: 1_000 };
const exchange: Watched = {
  stage: "awaiting",
  startedAt: 0,
  attemptedAt: 1,
  sentAt: 2,
  deadlineAt: Infinity,
  bytesIn: 0,
  hasBeenActive: false,
  activeAt: 0,
};
const connected = { isPending: false };
const free = { isBlocked: false };

const table: readonly (readonly [
  string,
  Partial<Watched> & Partial<Pick<Surroundings, "attempt">>,
  number,
  { isBlocked: boolean } | undefined,
  Overdue | undefined,
])[] = [
  ["an answer in time", {}, 102, undefined, undefined],
  ["an answer too late", {}, 103, undefined, "timeout-response"],
  ["a connection in time", { attempt: { isPending: true }, sentAt: 0 }, 11, undefined, undefined],
  ["a connection too late", { attempt: { isPending: true }, sentAt: 0 }, 12, undefined, "timeout-connect"],
  ["a client that uploads", { sentAt: 0, activeAt: 100 }, 150, free, undefined],
  ["a client that stalls", { sentAt: 0, activeAt: 100 }, 151, free, "client-stalled"],
  ["an upstream that does not read", { sentAt: 0, activeAt: 100 }, 201, { isBlocked: true }, "timeout-response"],
  ["a small body that stalls", { stage: "gathering", attempt: undefined }, 51, free, "client-stalled"],
  ["a small body that trickles", { stage: "gathering", hasBeenActive: true, bytesIn: 10 }, 71, free, "client-stalled"],
  ["a small body on a slow line", { stage: "gathering", hasBeenActive: true, bytesIn: 50 }, 149, free, undefined],
  ["an answer that flows", { stage: "answering", hasBeenActive: true }, 900, undefined, undefined],
  ["an answer that stalls", { stage: "answering" }, 51, undefined, "body"],
  ["all of it too long", { stage: "answering", hasBeenActive: true }, 1_001, undefined, "timeout-total"],
  ["an upgraded connection is left alone", { stage: "tunnelling" }, 10_000, undefined, undefined],
  ["the rest of a refused body", { stage: "lingering", activeAt: 100 }, 1_101, free, "linger"],
];

for (const [name, { attempt = connected, ...state }, now, body, expected] of table) {
  test(`deadlines: ${name}`, () =>
    assert.equal(findOverdue({ ...exchange, ...state }, now, { timeouts, attempt, body }), expected));
}

test("no total limit when it is 0", () => {
  const flowing: Watched = { ...exchange, stage: "answering", hasBeenActive: true };
  assert.equal(
    findOverdue(flowing, 1e9, { timeouts: { ...timeouts, totalMs: 0 }, attempt: connected, body: undefined }),
    undefined,
  );
});
