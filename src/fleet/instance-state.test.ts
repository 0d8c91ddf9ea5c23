import assert from "node:assert/strict";
import { test } from "node:test";
import { type InstanceEvent, type InstanceState, transition } from "./instance-state.ts";

const events: readonly InstanceEvent[] = ["ready", "exit", "wait", "retry", "give-up", "drain"];

/** Every state with every event, in the order above; `-`: means nothing. */
const table: Readonly<Record<InstanceState, string>> = {
  starting: "ready crashed - - - draining",
  ready: "- crashed - - - draining",
  crashed: "- - backoff - failed stopped",
  backoff: "- - - starting - stopped",
  failed: "- - - - - stopped",
  draining: "- stopped - - - -",
  stopped: "- - - - - -",
};

for (const [state, row] of Object.entries(table)) {
  test(`from ${state}`, () => {
    const found = events.map((event) => transition(state as InstanceState, event) ?? "-").join(" ");
    assert.equal(found, row);
  });
}

test("every state can be left for stopped, at most by way of one exit", () => {
  for (const state of Object.keys(table) as InstanceState[]) {
    const drained = transition(state, "drain") ?? state;
    assert.equal(transition(drained, "exit") ?? drained, "stopped", state);
  }
});
