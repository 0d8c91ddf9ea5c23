import { fieldValue } from "../http/index.ts";

/** What is said anew each time, or is true of one exchange, or of one proxy on the way, alone (RFC 9111 §3.1). */
const saidAnew: ReadonlySet<string> = new Set(["age", "content-length", "proxy-authentication-info", "x-request-id"]);

/**
 * The field lines that are stored, each with its CRLF, without Content-Length.
 *
 * @param raw name, value, name, value; without what ends at this hop
 * @param withheld names in lower case
 */
export function storedLines(raw: readonly string[], withheld: readonly string[]): string {
  let lines = "";
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    if (!saidAnew.has(name) && !withheld.includes(name)) lines += `${raw[i]!}: ${raw[i + 1]!}\r\n`;
  }
  return lines;
}

/** Who receives an answer without Date adds one when it stores it (RFC 9110 §6.6.1). @param raw name, value, name, value */
export function withDate(raw: readonly string[], receivedAt: number): readonly string[] {
  return fieldValue(raw, "date") === undefined ? [...raw, "Date", new Date(receivedAt).toUTCString()] : raw;
}

/** Fields that a 304 does not update: they tell of the body that is stored, or of the exchange (RFC 9111 §3.2). */
const notUpdated: ReadonlySet<string> = new Set([
  ...saidAnew,
  "content-encoding",
  "content-range",
  "content-type",
  "transfer-encoding",
]);

/**
 * The fields of a stored answer, as a 304 updates them (RFC 9111 §3.2): each that it has takes the place of all of that name.
 *
 * @param stored name, value, name, value, as all that follow
 */
export function updatedFields(stored: readonly string[], update: readonly string[]): string[] {
  const names = new Set<string>();
  for (let i = 0; i < update.length; i += 2) {
    const name = update[i]!.toLowerCase();
    if (!notUpdated.has(name)) names.add(name);
  }
  const fields: string[] = [];
  const take = (raw: readonly string[], isTaken: (name: string) => boolean): void => {
    for (let i = 0; i < raw.length; i += 2) if (isTaken(raw[i]!.toLowerCase())) fields.push(raw[i]!, raw[i + 1]!);
  };
  take(stored, (name) => !names.has(name));
  take(update, (name) => names.has(name));
  return fields;
}
