import { hash, randomBytes } from "node:crypto";
import type { ResolvedTier } from "../../config/index.ts";
import { createTrust } from "../../http/index.ts";
import type { Caller } from "./caller.ts";

/** The tier of a caller; `undefined`: he is of none. */
export type TierOf = (caller: Caller) => string | undefined;

/**
 * The first tier that fits a caller is his. What a header must hold may be a key that nobody else knows: it is compared by digests under a
 * secret of this process, so the time that it takes says nothing of how much of a guess was right.
 */
export function compileTiers(tiers: readonly ResolvedTier[]): TierOf {
  const secret = randomBytes(32).toString("base64url");
  const compiled = tiers.map((tier) => ({ name: tier.name, fits: compileTier(tier, secret) }));
  return (caller) => {
    for (let i = 0; i < compiled.length; i++) if (compiled[i]!.fits(caller)) return compiled[i]!.name;
    return undefined;
  };
}

export function needsClaims(tiers: readonly ResolvedTier[]): boolean {
  return tiers.some(({ claims }) => Object.keys(claims).length > 0);
}

function compileTier({ ips, headers, claims }: ResolvedTier, secret: string): (caller: Caller) => boolean {
  const conditions: ((caller: Caller) => boolean)[] = [];
  if (ips.length > 0) {
    const isWithin = createTrust(ips);
    conditions.push(({ address }) => isWithin(address));
  }
  for (const [name, values] of Object.entries(headers)) {
    const digests = new Set(values.map((value) => hash("sha256", secret + value)));
    conditions.push((caller) => {
      const value = caller.header(name);
      return value !== undefined && digests.has(hash("sha256", secret + value));
    });
  }
  for (const [name, values] of Object.entries(claims)) {
    const wanted = new Set(values);
    // Of a claim that is a list, such as roles, one must hold.
    conditions.push((caller) =>
      [caller.claim(name)].flat().some((value) => isPlain(value) && wanted.has(String(value))),
    );
  }
  return conditions.length === 0 ? () => false : (caller) => conditions.every((holds) => holds(caller));
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
