import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Budget, type BudgetEvent, divideConnections, type Shares } from "./connection-budget.ts";

const budget: Budget = { connections: 10, mostEach: 4 };

function after(events: readonly BudgetEvent[], from: Shares = new Map()): Shares {
  return events.reduce((shares, event) => divideConnections(shares, event, budget).shares, from);
}
const joined = (id: string): BudgetEvent => ({ kind: "joined", id });
const confirmed = (id: string, size: number): BudgetEvent => ({ kind: "confirmed", id, size });
const grants = (shares: Shares) => Object.fromEntries([...shares].map(([id, { granted }]) => [id, granted]));

test("the first have as many as they have use for", () => {
  assert.deepEqual(grants(after([joined("a"), joined("b")])), { a: 4, b: 4 });
});

test("who comes gets what is free, and the rest when others have given it back", () => {
  const three = after([joined("a"), joined("b"), joined("c")]);
  assert.deepEqual(grants(three), { a: 4, b: 3, c: 2 });
  const { shares, changed } = divideConnections(three, confirmed("b", 3), budget);
  assert.deepEqual(grants(shares), { a: 4, b: 3, c: 3 });
  assert.deepEqual(changed, ["c"]);
});

test("what is left behind is divided among those who stay", () => {
  const four = after([joined("a"), joined("b"), joined("c"), joined("d"), confirmed("a", 3), confirmed("b", 3)]);
  assert.deepEqual(grants(after([{ kind: "left", id: "a" }, confirmed("b", 3), confirmed("c", 2)], four)), {
    b: 4,
    c: 3,
    d: 3,
  });
});

test("whatever happens, no more is held than there is, and in the end all is divided evenly", () => {
  const ids = ["a", "b", "c", "d", "e", "f"];
  const anyEvent = fc.record({ kind: fc.constantFrom("joined", "confirmed", "left"), id: fc.constantFrom(...ids) });
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      let shares: Shares = new Map();
      // What an instance uses: it follows its grant when it confirms it, and not before where that is less.
      const used = new Map<string, number>();
      const step = (event: BudgetEvent): void => {
        shares = divideConnections(shares, event, budget).shares;
        if (event.kind === "left") used.delete(event.id);
        for (const [id, { granted }] of shares) used.set(id, Math.max(used.get(id) ?? 0, granted));
        const total = [...used.values()].reduce((sum, each) => sum + each, 0);
        assert.ok(total <= budget.connections, `${total}`);
      };
      const confirm = (id: string): void => {
        const share = shares.get(id);
        if (share === undefined) return;
        used.set(id, share.granted);
        step({ kind: "confirmed", id, size: share.granted });
      };
      for (const { kind, id } of events) {
        if (kind === "confirmed") confirm(id);
        else step({ kind, id } as BudgetEvent);
      }
      for (let round = 0; round < 3; round++) for (const id of shares.keys()) confirm(id);
      const sizes = [...shares.values()].map(({ granted }) => granted);
      if (sizes.length > 0) assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, sizes.join());
    }),
  );
});
