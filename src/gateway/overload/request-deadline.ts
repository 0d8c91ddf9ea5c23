import { parseDuration } from "../../kernel/index.ts";

/** How long a client says it waits: `"250"` and `"250ms"` are milliseconds, `"2s"` is more. What is no such thing says nothing. */
export function readDeadlineMs(value: string | undefined): number | undefined {
  if (value === undefined || value.length > 16) return undefined;
  return /^\d{1,9}$/.test(value) ? Number(value) : parseDuration(value);
}
