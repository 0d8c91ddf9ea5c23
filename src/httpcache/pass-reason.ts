import type { Refusal } from "./storability.ts";

/** Why a request passes by the cache although it is of a kind that is cached. */
export type PassReason = Refusal | "too-large";

export interface PassExplanation {
  /** Of the answers, most often. */
  readonly what: string;
  readonly fix: string;
  /** Somebody has said so, and will have had a reason. */
  readonly isDeliberate: boolean;
}

const explanations: Readonly<Record<PassReason, PassExplanation>> = {
  "no-freshness": {
    what: "the answer says nothing of how long it is fresh",
    fix: 'add Cache-Control: public, max-age=… to the answer, or cache: { ttl: "5s" } to the service or route in tenfold.config.ts',
    isDeliberate: false,
  },
  "no-validator": {
    what: "the answer is never fresh, and has nothing to be validated by",
    fix: "give it an ETag, so that what is stored can be asked about, or a max-age above 0",
    isDeliberate: false,
  },
  cookie: {
    what: "the requests have cookies, and nothing says that these do not matter",
    fix: 'where the answer is the same for all, say so in it (Cache-Control: public, s-maxage=…) or in the config (cache: { cookies: "ignore" }); where one cookie tells answers apart, name it (cache: { key: ["cookie:<name>"] })',
    isDeliberate: false,
  },
  "set-cookie": {
    what: "the answer sets a cookie",
    fix: 'set cookies only where a session begins, or say cache: { setCookie: "strip" } where no client needs them',
    isDeliberate: false,
  },
  vary: {
    what: "the answer depends on more than the request (Vary: *)",
    fix: "name in Vary the request fields that it depends on, or leave Vary out",
    isDeliberate: false,
  },
  "too-large": {
    what: "the answer is too large for the cache",
    fix: "raise gateway.cache: one answer may take an eighth of it; or serve files by a static service",
    isDeliberate: false,
  },
  authorization: {
    what: "the requests are signed in (Authorization), and the answer does not say that it is for others too",
    fix: 'where it is the same for all, say Cache-Control: public in it; where it differs, cache: { key: ["header:authorization"] } keeps one for each user',
    isDeliberate: false,
  },
  private: {
    what: "the answer is for one user (Cache-Control: private)",
    fix: "where it is the same for all, say public in its place; else take what is the user's own out of it, into a request of its own",
    isDeliberate: true,
  },
  "no-store": {
    what: "the answer forbids it (Cache-Control: no-store)",
    fix: "where it is the same for all, say Cache-Control: public, s-maxage=… in its place, or no-cache and an ETag where it must always be asked about",
    isDeliberate: true,
  },
  status: {
    what: "the answer is a part or no final one (such as 206 or 304)",
    fix: "answer with the whole, and let the gateway make the parts",
    isDeliberate: true,
  },
  "unknown-status": {
    what: "the answer asks of caches to understand its status (must-understand), which this one does not",
    fix: "leave must-understand out, or answer with a status of RFC 9110",
    isDeliberate: true,
  },
  method: {
    what: "only answers to GET are stored",
    fix: "let what only reads be a GET",
    isDeliberate: true,
  },
  "request-no-store": {
    what: "the client forbids it (Cache-Control: no-store in the request)",
    fix: "let the clients leave it out",
    isDeliberate: true,
  },
};

/** @param reason of a gateway that may be of another version */
export function explainPass(reason: string): PassExplanation {
  const known: Readonly<Record<string, PassExplanation>> = explanations;
  if (Object.hasOwn(known, reason)) return known[reason]!;
  return {
    what: `the answer is not for the cache (${reason})`,
    fix: "see Cache-Control in the answer",
    isDeliberate: true,
  };
}
