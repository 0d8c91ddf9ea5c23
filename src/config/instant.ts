const form = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** `"2026-11-27T00:00:00Z"`, `"2026-11-27T08:00+01:00"` (ISO 8601 as RFC 3339 has it) → epoch milliseconds. What depends on where it is read is none. */
export function parseInstant(text: string): number | undefined {
  const day = form.exec(text)?.[1];
  const ms = Date.parse(text);
  if (day === undefined || Number.isNaN(ms)) return undefined;
  // Date takes the 30th of February for the 2nd of March.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) ? ms : undefined;
}
