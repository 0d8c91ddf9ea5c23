import { createPublicKey, hash, randomBytes } from "node:crypto";
import { jwtVerify, type JWTVerifyOptions } from "jose";
import type { ResolvedJwt } from "../../config/index.ts";
import { type Clock, systemClock } from "../../kernel/index.ts";
import { BoundedMemory } from "./bounded-memory.ts";
import { type Claims, noClaims } from "./caller.ts";
import type { LimitedRequest } from "../limited-request.ts";
import { KeysAway, RemoteKeys, type RemoteKeysOptions } from "./remote-keys.ts";
import { requestCookie } from "./request-cookie.ts";

/**
 * What the token of a request says (RFC 7519), if it is one of ours. Whoever has none, or one that is expired, forged or for somebody
 * else, has no claims: whether he may do what he asks for is his service's business.
 *
 * A signature takes longer to check than everything else about a limit. So a token is verified once, by all who come with it meanwhile, and
 * remembered by its digest until it expires: known ones are answered at once. Those that were refused are remembered too, for a shorter time and in a
 * table of their own, so that made-up ones do not push out good ones; and only so many are being verified at a time.
 */
export interface ClaimsOptions {
  readonly maxTokens: number;
  /** Keys change, tokens are revoked: longer than this, none is taken as verified. */
  readonly maxRememberedMs: number;
  readonly refusedForMs: number;
  readonly maxVerifying: number;
  readonly keys: Partial<RemoteKeysOptions>;
}

export const claimsDefaults: ClaimsOptions = {
  maxTokens: 10_000,
  maxRememberedMs: 600_000,
  refusedForMs: 10_000,
  maxVerifying: 1_000,
  keys: {},
};

const maxTokenLength = 8_192;
const isToken = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const secretAlgorithms = ["HS256", "HS384", "HS512"];
const keyAlgorithms = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");

export class ClaimsReader {
  readonly #jwt: ResolvedJwt;
  readonly #options: ClaimsOptions;
  readonly #clock: Clock;
  readonly #verify: (token: string) => Promise<Claims>;
  readonly #known: BoundedMemory<Claims>;
  readonly #refused: BoundedMemory<Claims>;
  readonly #verifying = new Map<string, Promise<Claims>>();
  readonly #salt = randomBytes(16).toString("base64url");

  constructor(jwt: ResolvedJwt, options: Partial<ClaimsOptions> = {}, clock: Clock = systemClock) {
    this.#jwt = jwt;
    this.#options = { ...claimsDefaults, ...options };
    this.#clock = clock;
    this.#verify = createVerifier(jwt, this.#options.keys, clock);
    this.#known = new BoundedMemory(this.#options.maxTokens, clock);
    this.#refused = new BoundedMemory(this.#options.maxTokens, clock);
  }

  /** A promise only for a token that is not known; it does not reject. */
  of(request: Pick<LimitedRequest, "header">): Claims | Promise<Claims> {
    const token = this.#tokenOf(request);
    if (token === undefined) return noClaims;
    const digest = hash("sha256", this.#salt + token, "base64url");
    const remembered = this.#known.get(digest) ?? this.#refused.get(digest) ?? this.#verifying.get(digest);
    if (remembered !== undefined) return remembered;
    if (this.#verifying.size >= this.#options.maxVerifying) return noClaims;
    const verified = this.#remember(digest, token).finally(() => this.#verifying.delete(digest));
    this.#verifying.set(digest, verified);
    return verified;
  }

  async #remember(digest: string, token: string): Promise<Claims> {
    try {
      const claims = await this.#verify(token);
      const expires = typeof claims["exp"] === "number" ? claims["exp"] * 1_000 : Infinity;
      this.#known.set(digest, claims, Math.min(expires, this.#clock.now() + this.#options.maxRememberedMs));
      return claims;
    } catch (error) {
      // The token may be good: it is looked at again when its key can be fetched.
      if (!(error instanceof KeysAway)) {
        this.#refused.set(digest, noClaims, this.#clock.now() + this.#options.refusedForMs);
      }
      return noClaims;
    }
  }

  /** Alone, or behind a scheme word. What else stands there services do not mind, so it must not hide the token; of several, they take the first. */
  #tokenOf(request: Pick<LimitedRequest, "header">): string | undefined {
    const { kind, name } = this.#jwt.from;
    const value = kind === "header" ? request.header(name) : requestCookie(request.header("cookie"), name);
    const token = value?.split(/[\s,]+/).find((word) => isToken.test(word));
    return token !== undefined && token.length <= maxTokenLength ? token : undefined;
  }
}

/** Only algorithms of the key's own kind: else whoever knows a public key could sign with it, were it taken for a secret. */
function createVerifier(
  { key, issuer, audience, algorithms }: ResolvedJwt,
  keysOptions: Partial<RemoteKeysOptions>,
  clock: Clock,
): (token: string) => Promise<Claims> {
  const ofKind = key.kind === "secret" ? secretAlgorithms : keyAlgorithms;
  const options = (): JWTVerifyOptions => ({
    algorithms: algorithms?.filter((each) => ofKind.includes(each)) ?? ofKind,
    currentDate: new Date(clock.now()),
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience: [...audience] }),
  });
  if (key.kind === "jwks") {
    const keys = new RemoteKeys(key.url, keysOptions, clock);
    return async (token) => (await jwtVerify(token, (header, input) => keys.find(header, input), options())).payload;
  }
  const material = key.kind === "secret" ? new TextEncoder().encode(key.secret) : createPublicKey(key.pem);
  return async (token) => (await jwtVerify(token, material, options())).payload;
}
