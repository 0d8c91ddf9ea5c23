import assert from "node:assert/strict";
import type { Quota } from "../../../src/config/index.ts";
import type { StoreUnderTest } from "../../../src/limits/stores/contract.ts";
import { createOracle, type Oracle } from "./oracle.ts";

export interface Replay {
  readonly quota: Quota;
  readonly decisions: number;
  /** Chance that is the same in every run. */
  readonly random: () => number;
  /** Asked at once, before anything is waited for. Default 8. */
  readonly crowd?: number;
}

interface Key {
  readonly key: string;
  readonly oracle: Oracle;
}

const keyCount = 20;

/**
 * Random decisions, each checked by the oracle: of a few keys, with weights, in crowds, and after steps of time that are nothing, a little, a lot, or
 * lead just before, to, or just after the moment at which something ceases to count.
 */
export async function replayDecisions(subject: StoreUnderTest, replay: Replay): Promise<void> {
  const { quota, decisions, random, crowd = 8 } = replay;
  const keys = createKeys(quota);
  const counts = { admitted: 0, refused: 0 };
  for (let now = 0, done = 0; done < decisions;) {
    const step = nextStep(keys, now, quota, random);
    if (step > 0) await subject.pass(step);
    now += step;
    const asked = Array.from({ length: Math.min(decisions - done, 1 + below(crowd, random)) }, () => {
      const key = pick(keys, random);
      const amount = random() < 0.7 ? 1 : 1 + below(Math.ceil(quota.burst / 3), random);
      return { key, amount, verdict: subject.store.decide([{ key: key.key, quota, amount }]) };
    });
    done += asked.length;
    for (const { key, amount, verdict } of asked) {
      const { isAdmitted } = verdict instanceof Promise ? await verdict : verdict;
      counts[isAdmitted ? "admitted" : "refused"]++;
      if (isAdmitted) {
        if (!key.oracle.mayAdmit(now, amount)) assert.fail(`${amount} of ${key.key} at ${now} is more than there is`);
        key.oracle.record(now, amount);
      } else if (key.oracle.mustAdmit(now, amount)) {
        assert.fail(`${amount} of ${key.key} at ${now} is refused, though there is as much`);
      }
    }
  }
  assert.ok(counts.admitted > decisions / 10 && counts.refused > decisions / 10, JSON.stringify(counts));
}

/**
 * Random decisions about several quotas at once, such as a tenant's, a user's and a route's: a decision is what the oracles of all of them say, and what one
 * refuses counts for none.
 */
export async function replayTogether(
  subject: StoreUnderTest,
  { quotas, decisions, random }: Omit<Replay, "quota"> & { readonly quotas: readonly Quota[] },
): Promise<void> {
  const levels = quotas.map((quota, i) => ({
    quota,
    keys: Array.from({ length: 4 ** i }, (_, j) => ({ key: `replay-${i}|${j}`, oracle: createOracle(quota) })),
  }));
  const widest = levels[0]!;
  let admitted = 0;
  for (let now = 0, done = 0; done < decisions; done++) {
    const usual = below(Math.ceil((2 * widest.quota.windowMs) / widest.quota.count), random);
    const step = random() < 0.98 ? usual : nextStep(widest.keys, now, widest.quota, random);
    if (step > 0) await subject.pass(step);
    now += step;
    const draws = levels.map(({ quota, keys }) => ({ ...pick(keys, random), quota, amount: 1 + below(2, random) }));
    const verdict = subject.store.decide(draws.map(({ key, quota, amount }) => ({ key, quota, amount })));
    const { isAdmitted, states } = verdict instanceof Promise ? await verdict : verdict;
    for (const [i, { key, oracle, amount }] of draws.entries()) {
      const isRefused = states[i]!.retryAfterMs > 0;
      const isRight = isRefused ? !oracle.mustAdmit(now, amount) : oracle.mayAdmit(now, amount);
      if (!isRight) assert.fail(`${amount} of ${key} at ${now} is ${isRefused ? "refused" : "said to be there"}`);
      if (isAdmitted) oracle.record(now, amount);
    }
    assert.equal(
      isAdmitted,
      states.every(({ retryAfterMs }) => retryAfterMs === 0),
    );
    if (isAdmitted) admitted++;
  }
  assert.ok(admitted > decisions / 10 && admitted < (decisions * 9) / 10, `${admitted} admitted`);
}

/**
 * Random leases, of which a part is spent at random times until their stamp, and some of the rest is given back, and between them decisions: what is
 * spent never exceeds what the oracle allows.
 */
export async function replayLeases(subject: StoreUnderTest, replay: Replay): Promise<void> {
  const { quota, decisions, random } = replay;
  const holdMs = Math.max(1, Math.round(quota.windowMs / 20));
  const keys = createKeys(quota);
  const spending: { key: Key; at: number; amount: number }[] = [];
  const unspent: { key: Key; from: number; stamp: number; amount: number }[] = [];
  let [granted, refused] = [0, 0];
  for (let now = 0, done = 0; done < decisions; done++) {
    const step = nextStep(keys, now, quota, random);
    if (step > 0) await subject.pass(step);
    now += step;
    for (const { key, at, amount } of takeDue(spending, now)) {
      if (!key.oracle.mayAdmit(at, amount)) assert.fail(`${amount} of ${key.key} at ${at} is more than there is`);
      key.oracle.record(at, amount);
    }
    if (random() < 0.2) {
      const key = pick(keys, random);
      const { isAdmitted } = await subject.store.decide([{ key: key.key, quota, amount: 1 }]);
      if (isAdmitted) spending.push({ key, at: now, amount: 1 });
      continue;
    }
    const back = unspent.findIndex(({ from }) => from <= now);
    const [returned] = back === -1 || random() < 0.5 ? [] : unspent.splice(back, 1);
    const key = returned?.key ?? pick(keys, random);
    const amount = 1 + below(quota.burst, random);
    const order = { key: key.key, quota, amount, holdMs, ...(returned === undefined ? {} : { returned }) };
    const [lease] = await subject.store.lease([order]);
    if (lease!.granted === 0) refused++;
    granted += lease!.granted;
    const spent = below(lease!.granted + 1, random);
    const at = now + below(holdMs + 1, random);
    if (spent > 0) spending.push({ key, at, amount: spent });
    const rest = lease!.granted - spent;
    if (rest > 0) unspent.push({ key, from: at, stamp: lease!.stamp, amount: rest });
  }
  assert.ok(granted > decisions / 10 && refused > decisions / 100, `${granted} granted, ${refused} refused`);
}

function takeDue<T extends { readonly at: number }>(all: T[], now: number): T[] {
  const due = all.filter(({ at }) => at <= now).toSorted((a, b) => a.at - b.at);
  all.splice(0, all.length, ...all.filter(({ at }) => at > now));
  return due;
}

function createKeys(quota: Quota): Key[] {
  return Array.from({ length: keyCount }, (_, i) => ({ key: `replay|${i}`, oracle: createOracle(quota) }));
}

/** On the whole about twice as much is asked for as there is. */
function nextStep(keys: readonly Key[], now: number, { windowMs, count, burst }: Quota, random: () => number): number {
  const dice = random();
  if (dice < 0.35) return 0;
  if (dice < 0.9) {
    const mean = ((2 + burst / 4) * windowMs) / (keys.length * count);
    return Math.round(2 * mean * random());
  }
  const edges = keys.map(({ oracle }) => (oracle.edge() ?? now) - now).filter((ms) => ms > 0);
  if (dice < 0.999) return Math.max(0, Math.min(windowMs, ...edges) + below(3, random) - 1);
  return below(3 * windowMs, random);
}

/** Some more often than others. */
function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(from.length * random() ** 2)]!;
}

function below(bound: number, random: () => number): number {
  return Math.floor(random() * bound);
}
