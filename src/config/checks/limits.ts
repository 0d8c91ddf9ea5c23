import { nearest } from "../../kernel/index.ts";
import type { FilledLimit } from "../fill-limits.ts";
import { foundText } from "../found.ts";
import { isFault, parseLimitText } from "../limit-text.ts";
import { pathText } from "../problem.ts";
import { heaviestOf, quotaInstead } from "../quota.ts";
import type { LimitKeySource, Quota, ResolvedLimit } from "../resolved-limits.ts";
import type { Check, Conflict, Subject } from "./check.ts";

/** Limits mean one thing each, and what they name is there. Of tiers, events and JWTs: limit-callers.ts. */
export const checkLimits: Check = (subject) => {
  const { gateway, services } = subject.filled;
  const all = [
    ...Object.entries(gateway.limits).map(([name, filled]) => ({ name, filled, path: `gateway.limits.${name}` })),
    ...Object.entries(services).flatMap(([service, { limits }]) =>
      Object.entries(limits).map(([name, filled]) => ({ name, filled, path: `services.${service}.limits.${name}` })),
    ),
  ];
  return all.flatMap((each, index): Conflict[] => {
    const before = all.slice(0, index).find(({ name }) => name === each.name);
    if (before !== undefined) return [twice(each.path, before.path)];
    const limit = subject.config.limits.limits[index]!;
    return [
      ...checkText(each.path, each.filled),
      ...checkBurst(each.path, each.filled),
      ...checkTiers(each.path, each.filled, limit, subject),
      ...checkWeight(each.path, limit),
      ...checkClaims(each.path, limit, subject),
    ];
  });
};

function twice(path: string, before: string): Conflict {
  const found = `the name of ${before} again`;
  const expected =
    "a name for each limit, at the gateway and all services: callers are told it, and it is changed by it";
  return { path, found, expected, concerns: [before] };
}

/** What is said in words is not said again. */
function checkText(path: string, { rate, per = [], burst }: FilledLimit): Conflict[] {
  const text = parseLimitText(rate);
  if (isFault(text)) return [];
  const again = [
    ...(text.per.length > 0 && per.length > 0 ? ["per"] : []),
    ...(text.quota.algorithm === "gcra" && burst !== undefined ? ["burst"] : []),
  ];
  return again.map((field) => ({
    path: `${path}.${field}`,
    found: `${field} in ${foundText(rate)}, and again`,
    expected: "one of them",
  }));
}

function checkBurst(path: string, { rate, algorithm, burst }: FilledLimit): Conflict[] {
  const text = parseLimitText(rate);
  if (algorithm !== "sliding-window" || isFault(text)) return [];
  if (burst === undefined && text.quota.algorithm !== "gcra") return [];
  return [
    {
      path: burst === undefined ? `${path}.rate` : `${path}.burst`,
      found: "a burst of a sliding window",
      expected: 'no burst: all that a window has may come at once; or algorithm: "gcra"',
    },
  ];
}

function checkTiers(path: string, filled: FilledLimit, { quota }: ResolvedLimit, { config }: Subject): Conflict[] {
  const known = config.limits.tiers.map(({ name }) => name);
  return Object.entries(filled.tiers).flatMap(([tier, rate]): Conflict[] => {
    const at = pathText([...path.split("."), "tiers", tier]);
    if (!known.includes(tier)) return [unknownTier(at, tier, known)];
    return checkQuotaInstead(at, rate, quota);
  });
}

function unknownTier(path: string, tier: string, known: readonly string[]): Conflict {
  const near = nearest(tier, known);
  const hint = near === undefined ? `say in gateway.tiers who "${tier}" is` : `did you mean "${near}"?`;
  const expected = known.length === 0 ? "a tier of gateway.tiers, which has none" : `one of ${known.join(", ")}`;
  return { path, found: `no tier "${tier}"`, expected, hint, concerns: ["gateway.tiers"] };
}

export function checkQuotaInstead(path: string, rate: string, own: Quota): Conflict[] {
  const quota = quotaInstead(rate, own);
  return quota !== "unlimited" && isFault(quota) ? [{ path, found: foundText(rate), ...quota }] : [];
}

function checkWeight(path: string, limit: ResolvedLimit): Conflict[] {
  const { quota, tiers } = limit;
  const heaviest = heaviestOf(limit);
  const quotas = [
    ["rate", quota] as const,
    ...Object.entries(tiers).map(([tier, each]) => [`tier "${tier}"`, each] as const),
  ];
  const tight = quotas.find(([, each]) => each !== "unlimited" && each.burst < heaviest);
  if (tight === undefined) return [];
  const most = (tight[1] as Quota).burst;
  return [
    {
      path: `${path}.weight`,
      found: `${heaviest}, more than can be had at once of its ${tight[0]}: such a request would always be refused`,
      expected: `at most ${most}`,
      hint: "a smaller weight, or a larger rate or burst",
    },
  ];
}

type ClaimKey = Extract<LimitKeySource, { readonly name: string }>;

function checkClaims(path: string, { per }: ResolvedLimit, { written }: Subject): Conflict[] {
  if (written.gateway?.jwt !== undefined) return [];
  const claim = per.find((each): each is ClaimKey => each.source === "claim");
  return claim === undefined ? [] : [withoutVerifier(path, claim.name)];
}

export function withoutVerifier(path: string, claim: string): Conflict {
  return {
    path,
    found: `the claim "${claim}", and nothing verifies JWTs: anybody could claim anything`,
    expected: "gateway.jwt, which says how",
    hint: 'write gateway: { jwt: { secret: env("JWT_SECRET") } }, or publicKey, or jwks',
    concerns: ["gateway.jwt"],
  };
}
