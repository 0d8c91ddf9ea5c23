import { fieldValue, parseHttpDate } from "../http/index.ts";

export interface Exchanged {
  /** When the request was sent, in milliseconds since the epoch. */
  readonly requestedAt: number;
  /** When the answer came. */
  readonly receivedAt: number;
}

/**
 * How old an answer was when it came, in milliseconds (RFC 9111 §4.2.3): as its Date says, or as the caches on its way say, whichever is
 * more. The whole time that the request took counts: when on the way the answer was made is not known.
 *
 * @param raw the answer's fields: name, value, name, value
 */
export function initialAgeMs(raw: readonly string[], { requestedAt, receivedAt }: Exchanged): number {
  const date = parseHttpDate(fieldValue(raw, "date") ?? "", receivedAt);
  const apparent = date === undefined ? 0 : Math.max(0, receivedAt - date);
  // Of a list, the first member; one that is no number counts for nothing (§5.1).
  const [said = ""] = (fieldValue(raw, "age") ?? "").split(",", 1);
  const age = /^\d+$/.test(said.trim()) ? Math.min(Number(said), 2 ** 31) * 1_000 : 0;
  return Math.max(apparent, age + receivedAt - requestedAt);
}
