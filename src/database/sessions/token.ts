/**
 * What a client, a job or an event carries, so that whoever reads for it reads nothing older than it has written: a database system, a timeline, a
 * position (../lsn.ts). As text it is sealed: `1.<system>.<timeline>.<lsn>.<seal>`, all numbers in base 36, the seal an HMAC-SHA-256 cut to 128
 * bits. Without the seal a client could name a position in the far future, and send all that is read for it to the primary.
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { Position } from "../lsn.ts";

export interface Token extends Position {
  /** `pg_control_system().system_identifier`: two clusters never have the same. Decimal. */
  readonly system: string;
}

const version = "1";
const sealBytes = 16;
/** A token is 70 characters; what is longer is none. */
const maxLength = 128;

export class TokenSeal {
  readonly #secret: () => string;
  #key: Buffer | undefined;

  /** @param secret the same in all processes that read each other's tokens; asked for when the first one is sealed or opened */
  constructor(secret: () => string) {
    this.#secret = secret;
  }

  seal({ system, timeline, lsn }: Token): string {
    const body = [version, BigInt(system).toString(36), timeline.toString(36), lsn.toString(36)].join(".");
    return `${body}.${this.#sealOf(body).toString("base64url")}`;
  }

  /** @returns `undefined`: it is not one of ours, or was changed on its way */
  open(text: string): Token | undefined {
    if (text.length > maxLength) return undefined;
    const end = text.lastIndexOf(".");
    const body = text.slice(0, Math.max(0, end));
    const given = Buffer.from(text.slice(end + 1), "base64url");
    const seal = this.#sealOf(body);
    if (given.length !== seal.length || !timingSafeEqual(given, seal)) return undefined;
    const [found, system, timeline, lsn] = body.split(".");
    if (found !== version || system === undefined || timeline === undefined || lsn === undefined) return undefined;
    return { system: fromBase36(system), timeline: Number.parseInt(timeline, 36), lsn: Number.parseInt(lsn, 36) };
  }

  #sealOf(body: string): Buffer {
    this.#key ??= Buffer.from(hkdfSync("sha256", this.#secret(), "", "tenfold database token", 32));
    return createHmac("sha256", this.#key).update(body).digest().subarray(0, sealBytes);
  }
}

/** Sealed by us, so it is a number. */
function fromBase36(text: string): string {
  let value = 0n;
  for (const digit of text) value = value * 36n + BigInt(Number.parseInt(digit, 36));
  return value.toString();
}
