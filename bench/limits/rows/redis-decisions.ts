import { atLeast, type Target, within } from "../../support/target.ts";
import { decisions } from "../decisions.ts";
import type { Row } from "../row.ts";

const keys = 100;
const contenders: Row["contenders"] = [
  "tenfold, leased",
  "rate-limiter-flexible, Redis",
  "tenfold, exact",
  "rate-limiter-flexible, Redis, blocks in memory",
  "tenfold, leased, gcra",
  "tenfold, leased, again",
];

const peers = ["rate-limiter-flexible, Redis", "rate-limiter-flexible, Redis, blocks in memory"] as const;
const fewCommands = (of: string): Target =>
  within(0.05, {
    of,
    figure: "commandsPerDecision",
    wanted: `${of}: ≤ 0.05 Redis commands per decision, those of scripts included`,
  });

export const redisDecisions: readonly Row[] = [
  {
    name: "redis",
    title: "decisions through Redis, 64 callers at once, 100 keys, none refused",
    contenders,
    targets: [
      ...peers.map((to) => atLeast(5, { of: "tenfold, leased", to, figure: "decisionsPerSecond" })),
      fewCommands("tenfold, leased"),
      fewCommands("tenfold, leased, gcra"),
    ],
    note: "Redis has the load's core, and is reached by a unix socket. Tenfold's answer has the fields for an HTTP answer in it.",
    measure: decisions({ allowance: { count: 10_000_000, windowSeconds: 60 }, keys, isZipf: false, isShared: true }),
  },
  {
    name: "redis-refused",
    title: "decisions through Redis, 64 callers at once, 100 keys of 100/s each, most refused",
    contenders,
    targets: [fewCommands("tenfold, leased"), fewCommands("tenfold, leased, gcra")],
    note: "rate-limiter-flexible counts in fixed windows, and so knows until when nobody needs to ask again; while a window slides, tokens come back all the time.",
    measure: decisions({ allowance: { count: 100, windowSeconds: 1 }, keys, isZipf: false, isShared: true }),
  },
];
