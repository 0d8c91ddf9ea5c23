import { randomBytes } from "node:crypto";

const sane = /^[\x21-\x7e]{1,128}$/;

/** A client's X-Request-Id is kept when it is short and harmless in a log. */
export function isSaneRequestId(value: string): boolean {
  return sane.test(value);
}

/** Makes ids that are unique over processes and time: 64 random bits for this process, then a counter. */
export function createRequestIds(random: (size: number) => Buffer = randomBytes): () => string {
  const prefix = random(8).toString("hex");
  let count = 0;
  return () => `${prefix}-${(count++).toString(36)}`;
}
