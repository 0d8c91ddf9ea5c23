import assert from "node:assert/strict";
import { test } from "node:test";
import { gcra, sliding } from "../stores/contract.ts";
import {
  earnCredit,
  holdMs,
  isTimeToRenew,
  type KeyFacts,
  leadMs,
  orderAmount,
  type Refusal,
  refusalMs,
} from "./lease-plan.ts";

const facts = (given: Partial<KeyFacts> = {}): KeyFacts => ({
  quota: sliding(1_000, 10_000),
  rate: 1,
  share: 0,
  callMs: 1,
  ...given,
});

test("a lease holds for a hundredth of the window, longer while there is plenty, shorter where a burst is small", () => {
  const table: [Partial<KeyFacts>, number][] = [
    [{}, 100],
    [{ quota: sliding(10, 100) }, 5],
    [{ quota: sliding(10, 86_400_000) }, 5_000],
    // So few requests that a longer lease is worth it, as far as what is left allows.
    [{ rate: 0.2, share: 0.5 }, 160],
    [{ rate: 0.05, share: 0.5 }, 300],
    [{ rate: 0.05, share: 0.05 }, 100],
    // So few that none is foreseen.
    [{ rate: 0.02, share: 0.5 }, 50],
    [{ rate: 0, callMs: 20 }, 80],
    [{ rate: 1, share: 0.9 }, 100],
    // A far store: it must hold until the answer is here, and some time after.
    [{ callMs: 50 }, 200],
    [{ callMs: 600 }, 0],
    [{ quota: gcra(1_000, 10_000) }, 200],
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
    [{ rate: 0.03 }, { need: 1, left: 0 }, 1],
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
    [0.03, 0, false],
  ];
  for (const [rate, left, expected] of table) assert.equal(isTimeToRenew(facts({ rate }), 100, left), expected);
});

test("after a refusal nobody asks before there are tokens, nor for a few that come back one by one", () => {
  const table: [Partial<KeyFacts>, Partial<Refusal>, number][] = [
    [{}, { retryAfterMs: 50 }, 50],
    [{}, { retryAfterMs: 9_000 }, 128],
    [{ rate: 0.5 }, { retryAfterMs: 9_000 }, 256],
    // One by one: when there have been requests enough to be worth a call.
    [{}, { retryAfterMs: 1 }, 32],
    [{}, { retryAfterMs: 1, credit: 0.5 }, 16],
    [{}, { retryAfterMs: 1, credit: 1 }, 1],
    // Seldom asked for: every call is worth it, but for a hold at most it is believed.
    [{ rate: 0.01 }, { retryAfterMs: 1 }, 1],
    [{ rate: 0.01 }, { retryAfterMs: 9_000 }, 100],
    [{ quota: gcra(1_000, 10_000, 8) }, { retryAfterMs: 1 }, 20],
  ];
  for (const [given, refusal, expected] of table) {
    const answer = { retryAfterMs: 0, credit: 0, ...refusal };
    assert.equal(refusalMs(facts(given), answer), expected, JSON.stringify([given, refusal]));
  }
});

test("calls are saved up, and not without end", () => {
  let credit = 0;
  for (let i = 0; i < 32; i++) credit = earnCredit(credit, 1);
  assert.equal(credit, 1);
  assert.equal(earnCredit(credit, 10_000), 4);
});
