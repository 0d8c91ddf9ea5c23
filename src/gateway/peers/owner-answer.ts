import { fieldValue } from "../../http/index.ts";

/**
 * The owner itself says this, as what it passes on has a Via: it knows of no such service, or of no instance. This process may know more:
 * snapshots do not reach all at once.
 */
export function knowsNobody(status: number, raw: readonly string[]): boolean {
  return (status === 404 || status === 503) && fieldValue(raw, "via") === undefined;
}

/** Without what gateways say of themselves, but for the last one's Via. */
export function withoutOwn(fields: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const [name, value] = [fields[i]!, fields[i + 1]!];
    const lower = name.toLowerCase();
    if (lower === "cache-status" && value.startsWith("tenfold;")) continue;
    kept.push(name, lower === "via" ? value.replace(/(?:, )?1\.1 tenfold$/, "") : value);
  }
  return kept;
}

/** The owner had it stored: the service was not asked. */
export function wasStored(raw: readonly string[]): boolean {
  return /(?:^|, )tenfold; hit/.test(fieldValue(raw, "cache-status") ?? "");
}
