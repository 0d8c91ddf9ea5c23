import assert from "node:assert/strict";
import { test } from "node:test";
import { gcra, sliding } from "../stores/contract.ts";
import { holdMs, isTimeToRenew, type KeyFacts, leadMs, orderAmount, type Refusal, refusalMs } from "./lease-plan.ts";

const facts = (given: Partial<KeyFacts> = {}): KeyFacts => ({
  quota: sliding(1_000, 10_000),
  rate: 1,
  share: 0,
  callMs: 1,
  ...given,
});

test("a lease holds for a hundredth of the window, shorter where nearly nothing is left, longer where that would last for windows", () => {
  const table: [Partial<KeyFacts>, number][] = [
    [{ share: 0.5 }, 100],
    [{ share: 0.9 }, 100],
    [{ quota: sliding(10, 100), share: 0.5 }, 5],
    [{ quota: sliding(10, 86_400_000), share: 0.5 }, 5_000],
    // Nearly nothing is left: somebody is refused for what is held. For a few tokens it must be enough.
    [{}, 33],
    [{ rate: 0.05 }, 60],
    [{ rate: 0.032 }, 94],
    [{ quota: sliding(10, 86_400_000) }, 5_000],
    [{ quota: gcra(1_000, 10_000) }, 200],
    // So few requests that a longer lease is worth it, as far as what is left would last.
    [{ quota: sliding(100_000, 10_000), rate: 0.2, share: 0.5 }, 160],
    [{ quota: sliding(100_000, 10_000), rate: 0.05, share: 0.5 }, 500],
    [{ rate: 0.2, share: 0.5 }, 100],
    // So few that none is foreseen.
    [{ rate: 0.02, share: 0.5 }, 50],
    [{ rate: 0, callMs: 20 }, 80],
    // A far store: it must hold until the answer is here, and some time after.
    [{ callMs: 50 }, 200],
    [{ callMs: 600 }, 0],
    [{ quota: gcra(1_000, 10_000, 40) }, 100],
    [{ quota: gcra(1_000, 1_000, 1) }, 0],
  ];
  for (const [given, expected] of table)
    assert.equal(Math.round(holdMs(facts(given))), expected, JSON.stringify(given));
});

test("what is ordered is what is needed and what will be, less what is here", () => {
  const table: [Partial<KeyFacts>, { need: number; left: number }, number][] = [
    [{ rate: 1 }, { need: 1, left: 0 }, 101],
    [{ rate: 1 }, { need: 0, left: 30 }, 70],
    [{ rate: 1 }, { need: 2, left: 300 }, 2],
    // Seldom asked for: what is needed, and no more.
    [{ rate: 0.02 }, { need: 1, left: 0 }, 1],
    [{ rate: 0 }, { need: 7, left: 0 }, 7],
    // Never more than there can be.
    [{ rate: 100 }, { need: 1, left: 0 }, 1_000],
  ];
  for (const [given, wanted, expected] of table) {
    assert.equal(orderAmount(facts(given), 100, wanted), expected, JSON.stringify([given, wanted]));
  }
});

test("the next lease is asked for while there are tokens for as long as a call takes", () => {
  assert.equal(leadMs(facts({ callMs: 2 }), 100), 3);
  assert.equal(leadMs(facts({ callMs: 200 }), 100), 25);
  const table: [rate: number, left: number, boolean][] = [
    [1, 50, false],
    [1, 2, true],
    [1, 0, true],
    [0.02, 0, false],
  ];
  for (const [rate, left, expected] of table) assert.equal(isTimeToRenew(facts({ rate }), 100, left), expected);
});

test("after a refusal nobody asks before there are tokens, nor for each that comes back, but soon for what others may give back", () => {
  const table: [Partial<KeyFacts>, Partial<Refusal>, number][] = [
    [{}, { retryAfterMs: 50 }, 50],
    // They give back within a hold or so; then it is less and less likely.
    [{}, { retryAfterMs: 9_000 }, 100],
    [{}, { retryAfterMs: 9_000, inVain: 1 }, 128],
    [{ rate: 0.1 }, { retryAfterMs: 9_000, inVain: 3 }, 800],
    [{ rate: 0.1 }, { retryAfterMs: 9_000, inVain: 2_000 }, 1_280],
    [{ rate: 100 }, { retryAfterMs: 9_000, inVain: 2_000 }, 100],
    // One by one: some of them at once.
    [{}, { retryAfterMs: 1 }, 33],
    [{ quota: gcra(1_000, 10_000) }, { retryAfterMs: 1 }, 32],
    [{ quota: gcra(1_000, 10_000, 8) }, { retryAfterMs: 1 }, 15],
    // Seldom asked for: every call is worth it, but for a hold at most it is believed.
    [{ rate: 0.01 }, { retryAfterMs: 1 }, 1],
    [{ rate: 0.01 }, { retryAfterMs: 9_000 }, 100],
  ];
  for (const [given, refusal, expected] of table) {
    const answer = { retryAfterMs: 0, inVain: 0, ...refusal };
    assert.equal(Math.round(refusalMs(facts(given), answer)), expected, JSON.stringify([given, refusal]));
  }
});
