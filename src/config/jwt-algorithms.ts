/** By which JWTs are signed (RFC 7518, section 3.1; RFC 9864): with a secret that both sides know, or with a pair of keys. `none` is none. */
const ofSecrets = ["HS256", "HS384", "HS512"] as const;
const ofKeyPairs = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");

export const jwtAlgorithms: readonly string[] = [...ofSecrets, ...ofKeyPairs];

/** Whoever knows the public key could sign with it, were it taken for a secret. */
export function algorithmsFor(key: "secret" | "publicKey" | "jwks"): readonly string[] {
  return key === "secret" ? ofSecrets : ofKeyPairs;
}
