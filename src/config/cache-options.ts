import type { Bytes, Duration } from "./options.ts";

/** What the HTTP cache does where origins say nothing; what they say themselves is always obeyed. */
export interface CacheOptions {
  /** How long answers are fresh that do not say so themselves. Default: these are not cached. */
  ttl?: Duration;
  /** For so long after that an answer is still given at once, while a new one is fetched. For answers that do not say so themselves. Default `"0s"`. */
  staleWhileRevalidate?: Duration;
  /** For so long after that an answer stands in while the origin fails. For answers that do not say so themselves. Default `"0s"`. */
  staleIfError?: Duration;
  /**
   * Answers that do not say for how long, and have no `ttl` here, are fresh for a tenth of the time since their Last-Modified, at most for so
   * long (RFC 9111, section 4.2.2). Default `false`.
   */
  heuristic?: Duration | false;
  /**
   * `"pass"`: an answer with Set-Cookie goes through and is not stored. `"strip"`: it is stored without it, and nobody gets that cookie: only
   * where cookies are set that no client needs. Default `"pass"`.
   */
  setCookie?: "strip" | "pass";
  /**
   * `"respect"`: a request with cookies is given only what says that it is for all (`public`, `s-maxage`), since its answer may be one user's own.
   * `"ignore"`: cookies change nothing of the answers, but those that `key` names. Default `"respect"`.
   */
  cookies?: "ignore" | "respect";
  /** What tells answers apart beside the URL: `["header:x-tenant", "cookie:session"]`. Default none. */
  key?: string[];
}

/** Which answers the gateway compresses for clients that take it. */
export interface CompressionOptions {
  /**
   * `"shared"`: what is cached for all and files, each once. `"everything"`: also what passes through for one client, each time anew. That is not the
   * default, since each answer then costs CPU, and since compression tells secrets: where an answer holds a secret beside text that a
   * stranger has chosen, its length says how much of that text was right (the BREACH attack). Default `"shared"`.
   */
  of?: "shared" | "everything";
  /**
   * Media types: whole, of a kind (`"text/*"`) or with a suffix (`"*+json"`). These alone are compressed. Default
   * `["text/*", "*+json", "*+xml", "application/json", "application/javascript", "application/xml", "application/wasm", "font/ttf", "font/otf"]`.
   */
  types?: string[];
  /** Smaller bodies are left as they are: they would hardly shrink. Default `"1KiB"`. */
  minSize?: Bytes;
}
