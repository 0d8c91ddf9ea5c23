import { hkdfSync } from "node:crypto";
import { secretMissing } from "../errors.ts";

/**
 * What tokens are sealed with. Where nothing is said, it is derived from the password in the URL: all who may use the database have it, nobody else has, and
 * it cannot be told from what is derived from it.
 *
 * @throws DATABASE_SECRET_MISSING, if there is neither: processes could not read each other's tokens
 */
export function secretFrom(url: string, given: string | undefined): () => string {
  return () => {
    const secret = given ?? process.env["TENFOLD_SECRET"] ?? "";
    if (secret !== "") return secret;
    const password = URL.parse(url)?.password ?? "";
    if (password === "") throw secretMissing();
    return Buffer.from(hkdfSync("sha256", password, "", "tenfold secret", 32)).toString("base64");
  };
}
