import { TenfoldError } from "../../kernel/index.ts";

export const limitStoreAway = (where: string, why: string): TenfoldError =>
  new TenfoldError("LIMITS_STORE_AWAY", `limits cannot be counted at ${where}: ${why}`, {
    fix: "see that it runs and can be reached from here; until then each limit does what its `whenAway` says",
    facts: { where },
  });

export const limitStoreLate = (where: string, deadlineMs: number): TenfoldError =>
  new TenfoldError("LIMITS_STORE_LATE", `${where} has not answered within ${deadlineMs} ms`, {
    fix: "see what keeps it busy, or put it nearer; until then each limit does what its `whenAway` says",
    facts: { where, deadlineMs },
  });

export const limitStoreRefused = (where: string, answer: string): TenfoldError =>
  new TenfoldError("LIMITS_STORE_REFUSED", `${where} refuses to count limits: ${answer}`, {
    fix: "its user must be allowed EVALSHA, SCRIPT LOAD and the keys of the prefix; it must be a primary with memory to spare",
    facts: { where },
  });

export const limitStoreAddressInvalid = (): TenfoldError =>
  new TenfoldError("LIMITS_STORE_ADDRESS", "the address of the limits' store is none that is understood", {
    fix: "write redis://host:port/database, rediss:// for TLS, or unix:///path; percent-encode what a password has of : / @ and %",
  });
