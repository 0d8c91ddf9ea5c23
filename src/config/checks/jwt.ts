import { foundText } from "../found.ts";
import { algorithmsFor } from "../jwt-algorithms.ts";
import { readPublicKey } from "../public-key.ts";
import type { Check, Conflict } from "./check.ts";

const kinds = ["secret", "publicKey", "jwks"] as const;

/** A JWT is in one place, and is verified in one way, by a key that is there. */
export const checkJwt: Check = ({ written, config }) => {
  const jwt = written.gateway?.jwt;
  if (jwt === undefined) return [];
  const [kind, ...others] = kinds.filter((each) => jwt[each] !== undefined);
  const expected = `exactly one of ${kinds.join(", ")}`;
  if (kind === undefined) {
    return [{ path: "gateway.jwt", found: "no key", expected, hint: 'write secret: env("JWT_SECRET")' }];
  }
  if (others.length > 0) return [{ path: "gateway.jwt", found: [kind, ...others].join(" and "), expected }];
  const conflicts: Conflict[] = [];
  const fits = algorithmsFor(kind);
  for (const [index, algorithm] of (jwt.algorithms ?? []).entries()) {
    if (fits.includes(algorithm)) continue;
    const found = `${foundText(algorithm)}, for which ${kind} is no key`;
    conflicts.push({ path: `gateway.jwt.algorithms[${index}]`, found, expected: `one of ${fits.join(", ")}` });
  }
  if (jwt.header !== undefined && jwt.cookie !== undefined) {
    conflicts.push({ path: "gateway.jwt.cookie", found: "a cookie and a header", expected: "one of them" });
  }
  const read = jwt.publicKey === undefined ? undefined : readPublicKey(jwt.publicKey, config.root);
  if (read !== undefined && !("pem" in read)) {
    conflicts.push({ path: "gateway.jwt.publicKey", found: foundText(jwt.publicKey), ...read });
  }
  return conflicts;
};
