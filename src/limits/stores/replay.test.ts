import { test } from "node:test";
import { type Replay, replayDecisions, replayLeases } from "../../../test/support/limits/replay.ts";
import { ManualClock } from "../../kernel/index.ts";
import { gcra, sliding, type StoreUnderTest } from "./contract.ts";
import { MemoryStore } from "./memory.ts";

/** Counts that are kept exactly, and such as are kept in slots; windows that slots divide, and such as they do not. */
const quotas = [
  sliding(10, 1_000),
  sliding(256, 777),
  sliding(1_000, 1_000),
  gcra(10, 1_000),
  gcra(100, 700, 7),
  gcra(3, 1_000, 50),
];

for (const quota of quotas) {
  const name = `${quota.algorithm} ${quota.count}/${quota.windowMs}ms burst ${quota.burst}`;

  test(`${name} decides 350000 times as the log of all that was let through does`, async () => {
    await replayDecisions(memory(), { quota, decisions: 350_000, random: seeded() });
  });

  test(`${name} leases what never exceeds it, whenever it is spent`, async () => {
    await replayLeases(memory(), { quota, decisions: 20_000, random: seeded() } satisfies Replay);
  });
}

function memory(): StoreUnderTest {
  const clock = new ManualClock(12_345);
  return { store: new MemoryStore({}, clock), pass: (ms) => clock.advance(ms) };
}

/** Mulberry32 (Tommy Ettinger, public domain). */
function seeded(state = 42): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
