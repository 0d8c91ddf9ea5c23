import assert from "node:assert/strict";
import { test } from "node:test";
import { firstTopology, nextNode, planReplicas, promoted } from "./topology.ts";

const two = { ...firstTopology, replicas: { "replica-1": "node-2", "replica-2": "node-3" } };

test("replicas that are there are kept, missing ones built, superfluous ones removed", () => {
  const all = ["node-1", "node-2", "node-3"];
  assert.deepEqual(planReplicas(two, 2, all), { keep: ["replica-1", "replica-2"], build: [], remove: [] });
  assert.deepEqual(planReplicas(two, 1, all), { keep: ["replica-1"], build: [], remove: ["replica-2"] });
  assert.deepEqual(planReplicas(two, 0, all), { keep: [], build: [], remove: ["replica-1", "replica-2"] });
  assert.deepEqual(planReplicas(two, 3, ["node-1", "node-3"]), {
    keep: ["replica-2"],
    build: ["replica-1", "replica-3"],
    remove: [],
  });
});

test("a promotion gives the primary's role to the replica's directory, and the old one none", () => {
  assert.deepEqual(promoted(two, "replica-1"), { ...two, primary: "node-2", replicas: { "replica-2": "node-3" } });
});

test("numbers of directories that are there are not given again", () => {
  assert.equal(nextNode([]), "node-1");
  assert.equal(nextNode(["node-1", "node-10", "node-2"]), "node-11");
});
