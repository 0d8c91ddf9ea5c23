import { errors, jwtVerify, SignJWT } from "jose";
import { tokenInvalid } from "../errors.ts";

/** Signs and reads the tokens that say who asks. Any instance with the same secret reads any other's. */
export interface Tokens {
  sign(userId: number): Promise<string>;
  /** @throws {ApiError} 401 when the token is forged, expired or no token at all. */
  read(token: string): Promise<number>;
}

const algorithm = "HS256";
const lifetime = "7 days";

export function createTokens(secret: string): Tokens {
  const key = new TextEncoder().encode(secret);
  return {
    sign: (userId) =>
      new SignJWT()
        .setProtectedHeader({ alg: algorithm })
        .setSubject(String(userId))
        .setIssuedAt()
        .setExpirationTime(lifetime)
        .sign(key),

    async read(token) {
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: [algorithm], requiredClaims: ["exp"] });
        const userId = Number(payload.sub);
        if (Number.isSafeInteger(userId)) return userId;
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
      }
      throw tokenInvalid();
    },
  };
}
