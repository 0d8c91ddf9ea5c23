/**
 * Units as people write them (`"5s"`, `"256MiB"`, `"70%"`), read once. A parser returns `undefined` for what it does not
 * understand: the caller knows the path and words the error.
 */

const durationMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const byteUnits: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1_000,
  KB: 1_000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 1_024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
};

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(text);
  if (match === null) return undefined;
  const unit = units[match[2]!];
  return unit === undefined ? undefined : Number(match[1]) * unit;
}

/** `"250ms"`, `"5s"`, `"1.5m"`, `"2h"`, `"7d"` → milliseconds. */
export function parseDuration(text: string): number | undefined {
  return parseQuantity(text, durationMs);
}

/** `"512B"`, `"16KiB"`, `"256MiB"`, `"1GB"` → bytes, rounded to a whole number. */
export function parseBytes(text: string): number | undefined {
  const bytes = parseQuantity(text, byteUnits);
  return bytes === undefined ? undefined : Math.round(bytes);
}

/** `"70%"` → 0.7. */
export function parsePercent(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?%$/.exec(text);
  return match === null ? undefined : Number(match[1]) / 100;
}

/** Milliseconds → the shortest exact spelling that `parseDuration` reads back. */
export function formatDuration(ms: number): string {
  for (const unit of ["d", "h", "m", "s"]) {
    const size = durationMs[unit]!;
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}

/** Bytes → the shortest exact binary spelling that `parseBytes` reads back. */
export function formatBytes(bytes: number): string {
  for (const unit of ["GiB", "MiB", "KiB"]) {
    const size = byteUnits[unit]!;
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return `${bytes}B`;
}

/** 0.7 → `"70%"`. */
export function formatPercent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(4))}%`;
}
