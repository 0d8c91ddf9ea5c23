import { inTurns, medians } from "../../support/in-turns.ts";
import { isDecider } from "../contenders.ts";
import type { Row } from "../row.ts";
import { startDecider } from "../subject/start.ts";

const allowance = { count: 100, windowSeconds: 600 };
/** As often each key is asked for again: a sliding window then remembers when that was. */
const again = 49;

export const memoryPerKey: Row = {
  name: "memory-per-key",
  title: "memory of 100,000 keys",
  contenders: ["tenfold, sliding window", "tenfold, gcra", "rate-limiter-flexible, memory"],
  targets: [],
  note: `The heap's growth, the key's text included; busy: after ${again + 1} of 100 decisions of each key.`,
  measure: async (row, site) => {
    const { keys, redis } = site;
    const measured = await inTurns(row.contenders.filter(isDecider), site, {
      start: (name) => startDecider(name, { allowance, keys, redisUrl: redis.url }, { nodeOptions: ["--expose-gc"] }),
      async measure(running) {
        const before = await running.ask("memory");
        await running.ask("askAll");
        const once = await running.ask("memory");
        for (let i = 0; i < again; i++) await running.ask("askAll");
        const often = await running.ask("memory");
        return { bytesPerKey: (once - before) / keys, bytesPerBusyKey: (often - before) / keys };
      },
      word: ({ bytesPerKey, bytesPerBusyKey }) =>
        `${Math.round(bytesPerKey!)} bytes a key, ${Math.round(bytesPerBusyKey!)} when busy`,
      summarise: medians,
    });
    return { ...measured, setting: { keys } };
  },
};
