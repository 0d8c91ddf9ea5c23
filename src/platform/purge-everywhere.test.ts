import assert from "node:assert/strict";
import { test } from "node:test";
import type { PurgeOrder } from "../gateway/index.ts";
import type { TenfoldError } from "../kernel/index.ts";
import { purgeEverywhere, type PurgeTarget } from "./purge-everywhere.ts";

const order: PurgeOrder = { mode: "hard", by: "tag", tags: ["x"] };

/** A process as its place sees it; `said` are the orders that it was given. */
function target(gateway: string, said: string[], answers = 1): PurgeTarget {
  return {
    gateway,
    pid: 1,
    purge: async ({ by }) => {
      said.push(`${gateway} ${by}`);
      return { answers };
    },
  };
}

test("one process is asked once, several are asked twice", async () => {
  const said: string[] = [];
  const one = target("gateway-1", said);
  assert.deepEqual((await purgeEverywhere([order], () => [one])).gateways, ["gateway-1"]);
  assert.deepEqual(said.splice(0), ["gateway-1 tag"]);
  const two = [one, target("gateway-2", said)];
  assert.deepEqual((await purgeEverywhere([order, { mode: "hard", by: "all" }], () => two)).gateways, [
    "gateway-1",
    "gateway-2",
  ]);
  const round = ["gateway-1 tag", "gateway-1 all", "gateway-2 tag", "gateway-2 all"];
  assert.deepEqual(said, [...round, ...round]);
});

test("what an owner gives on during the first round is gone after the second", async () => {
  // The second gateway owns the answer; the first one asks it again as soon as it was purged.
  const stored = { owner: true, other: true };
  const other: PurgeTarget = {
    gateway: "gateway-1",
    pid: 1,
    purge: async () => {
      stored.other = stored.owner;
      return { answers: 1 };
    },
  };
  const owner: PurgeTarget = {
    gateway: "gateway-2",
    pid: 2,
    purge: async () => {
      await new Promise(setImmediate);
      stored.owner = false;
      return { answers: 1 };
    },
  };
  await purgeEverywhere([order], () => [other, owner]);
  assert.deepEqual(stored, { owner: false, other: false });
});

test("one that starts during the first round is met by the second", async () => {
  const said: string[] = [];
  let targets: readonly PurgeTarget[] = [];
  const late = target("gateway-2", said);
  const first: PurgeTarget = {
    ...target("gateway-1", said),
    purge: async () => {
      targets = [first, late];
      said.push("gateway-1");
      return { answers: 3 };
    },
  };
  targets = [first];
  const { gateways, answers } = await purgeEverywhere([order], () => targets);
  assert.deepEqual([gateways, answers], [["gateway-1", "gateway-2"], 3]);
  assert.deepEqual(said, ["gateway-1", "gateway-1", "gateway-2 tag"]);
});

test("answers are summed over the first round, unless somebody has not counted", async () => {
  const counted = [target("gateway-1", [], 3), target("gateway-2", [], 4)];
  assert.equal((await purgeEverywhere([order, order], () => counted)).answers, 14);
  const gone: PurgeTarget = { gateway: "gateway-3", pid: 3, purge: async () => undefined };
  const withGone = await purgeEverywhere([order], () => [...counted, gone]);
  assert.deepEqual([withGone.answers, withGone.gateways], [7, ["gateway-1", "gateway-2", "gateway-3"]]);
  const uncounted: PurgeTarget = { ...gone, purge: async () => ({ answers: undefined }) };
  assert.ok(!("answers" in (await purgeEverywhere([order], () => [...counted, uncounted]))));
});

test("one that does not confirm fails the purge, and is named beside those that did", async () => {
  const said: string[] = [];
  const silent: PurgeTarget = {
    gateway: "gateway-2",
    pid: 77,
    purge: async () => Promise.reject(new Error("no word within 10 s")),
  };
  await assert.rejects(
    purgeEverywhere([order], () => [target("gateway-1", said), silent]),
    (error: TenfoldError) => {
      assert.equal(error.code, "CACHE_PURGE_INCOMPLETE");
      assert.deepEqual(error.facts, { missing: ["gateway-2 (process 77)"], confirmed: ["gateway-1"] });
      assert.match(
        error.message,
        /^gateway-2 \(process 77\) did not confirm .*no word within 10 s.*gateway-1 confirmed it$/,
      );
      return true;
    },
  );
  assert.deepEqual(said, ["gateway-1 tag"], "there is no second round that could make it whole");
});

test("where no gateway runs, nothing is cached", async () => {
  const { answers, gateways } = await purgeEverywhere([order], () => []);
  assert.deepEqual([answers, gateways], [0, []]);
});
