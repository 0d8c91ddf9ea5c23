import { limitInvalid } from "./errors.ts";

/** A limit that is more than its text. */
export interface LimitTerms {
  /** `"100/minute"`, `"20/second burst 40 per ip"`. */
  readonly rate: string;
  /** `"ip"`, `"header:x-api-key"`, `"cookie:session"`, `"claim:sub"`, `"service"`, `"route"`, or several: each combination has the rate for itself. */
  readonly per?: string | readonly string[];
  /** So many callers are told apart. Default 100000. */
  readonly maxKeys?: number;
  /**
   * Where several processes share a limit. `"leased"`: each takes small batches from the store ahead of need. `"exact"`: each decision is made there.
   * Default `"leased"`.
   */
  readonly mode?: "exact" | "leased";
  /**
   * When the store cannot be reached. `"local"`: each process counts for itself. `"open"`: nobody is limited. `"closed"`: everybody is refused.
   * Default `"local"`.
   */
  readonly whenAway?: "local" | "open" | "closed";
}

export const limitsDefaults = {
  maxKeys: 100_000,
  mode: "leased",
  whenAway: "local",
  prefix: "tenfold:limits:",
} as const;

type CheckedTerms = Required<LimitTerms> & { readonly per: readonly string[] };

/**
 * With its defaults. Not all who call have types, and what is misspelt must not be another way to count: `whenAway: "close"` would limit nobody.
 *
 * @throws LIMITS_INVALID
 */
export function checkedTerms(name: string, given: string | LimitTerms): CheckedTerms {
  const terms: Partial<LimitTerms> = typeof given === "string" ? { rate: given } : (given ?? {});
  const {
    rate,
    mode = limitsDefaults.mode,
    whenAway = limitsDefaults.whenAway,
    maxKeys = limitsDefaults.maxKeys,
  } = terms;
  const per = [terms.per ?? []].flat();
  const check = (isRight: boolean, what: string, value: unknown, expected: string): void => {
    if (!isRight) throw limitInvalid(name, `${what}${JSON.stringify(value)}`, expected, `give ${expected}`);
  };
  check(typeof rate === "string", "", rate, 'a rate such as "100/minute per ip"');
  check(
    per.every((each) => typeof each === "string"),
    "per ",
    terms.per,
    '"ip", or a list such as ["claim:tenant", "claim:sub"]',
  );
  check(mode === "exact" || mode === "leased", "of mode ", mode, '"exact" or "leased"');
  check(["local", "open", "closed"].includes(whenAway), "whenAway ", whenAway, '"local", "open" or "closed"');
  check(Number.isSafeInteger(maxKeys) && maxKeys > 0, "of maxKeys ", maxKeys, "a whole number of at least 1");
  return { rate: rate!, per, mode, whenAway, maxKeys };
}
