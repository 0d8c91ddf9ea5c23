import { ManualClock } from "../../kernel/index.ts";
import { limitStoreContract } from "./contract.ts";
import { MemoryStore } from "./memory.ts";

limitStoreContract("memory", () => {
  const clock = new ManualClock(1_000_000);
  return { store: new MemoryStore({}, clock), pass: (ms) => clock.advance(ms) };
});
