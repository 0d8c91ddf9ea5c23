import { replaySuite } from "../../../test/support/limits/replay-suite.ts";
import { ManualClock } from "../../kernel/index.ts";
import { MemoryStore } from "./memory.ts";

replaySuite("memory", {
  open: () => {
    const clock = new ManualClock(12_345);
    return { store: new MemoryStore({}, clock), pass: (ms) => clock.advance(ms) };
  },
});
