import type { ResolvedLimit } from "../../src/config/index.ts";

/** `all`: 60/minute, 600/minute for partners; `even`: 60/minute burst 30, up to three at a time; `login`: of a service, 5/minute, 50/minute for partners. */
export function someLimits(): ResolvedLimit[] {
  const sliding = (count: number) => ({ algorithm: "sliding-window", count, windowMs: 60_000, burst: count }) as const;
  const usual = {
    routes: [],
    per: [{ source: "ip" }, { source: "header", name: "x-api-key" }],
    weights: [],
    weight: 1,
    tiers: {},
    mode: "leased",
    whenAway: "local",
    maxKeys: 1_000,
  } as const;
  return [
    { ...usual, name: "all", quota: sliding(60), tiers: { partner: sliding(600), staff: "unlimited" } },
    { ...usual, name: "even", quota: { algorithm: "gcra", count: 60, windowMs: 60_000, burst: 30 }, weight: 3 },
    { ...usual, name: "login", service: "api", quota: sliding(5), tiers: { partner: sliding(50) } },
  ];
}
