/**
 * Passwords are kept as scrypt hashes (RFC 7914) in the PHC string form, `$scrypt$ln=14,r=8,p=5$salt$hash`: the cost is
 * written beside each hash, so it can be raised later without asking anybody for a new password. The cost is one of
 * those OWASP's password storage cheat sheet calls equal; of them it is the one with the least memory (16 MiB), for
 * several run at a time: libuv's four threads are the bound.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

interface Cost {
  /** log2 of the number of rounds. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

const cost: Cost = { ln: 14, r: 8, p: 5 };
const saltBytes = 16;
const hashBytes = 32;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, cost);
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${toBase64(salt)}$${toBase64(hash)}`;
}

/**
 * @param stored What {@link hashPassword} returned, or nothing when nobody goes by that name. Both take the same time, so
 *   that the time of a failed login does not tell who has an account.
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const { cost, salt, hash } = parse(stored ?? nobody);
  const derived = await derive(password, salt, cost);
  return timingSafeEqual(derived, hash) && stored !== undefined;
}

const nobody = `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${"A".repeat(22)}$${"A".repeat(43)}`;

function parse(stored: string): { cost: Cost; salt: Buffer; hash: Buffer } {
  const match = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored);
  if (!match) throw new Error("a stored password hash is not in the form $scrypt$ln=…,r=…,p=…$salt$hash");
  const [, ln, r, p, salt, hash] = match;
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt!, "base64"),
    hash: Buffer.from(hash!, "base64"),
  };
}

function derive(password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  const options = { N: 2 ** ln, r, p, maxmem: 256 * r * 2 ** ln };
  return new Promise((resolve, reject) => {
    // Two ways to type the same letter are one password (RFC 8265, section 4.2).
    scrypt(password.normalize("NFC"), salt, hashBytes, options, (error, hash) =>
      error ? reject(error) : resolve(hash),
    );
  });
}

function toBase64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
