import { styleText } from "node:util";

/** How a command talks: people read text, with colours on a terminal only; programs read JSON. */
type Style = Parameters<typeof styleText>[0];

export function out(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function outJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, process.stdout.isTTY ? 2 : undefined)}\n`);
}

/** Styled where the stream is a terminal; honours NO_COLOR and FORCE_COLOR. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** Columns as wide as their widest cell, two spaces between. The first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => visibleWidth(row[column] ?? ""))));
  return rows
    .map((row, index) => {
      const line = row
        .map((cell, column) => cell + " ".repeat(widths[column]! - visibleWidth(cell)))
        .join("  ")
        .trimEnd();
      return index === 0 ? paint("dim", line) : line;
    })
    .join("\n");
}

/** `"3 s"`, `"12 min"`, `"4 h"`, `"2 d"`. */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const [minutes, hours] = [Math.round(seconds / 60), Math.round(seconds / 3_600)];
  if (minutes < 120) return `${minutes} min`;
  return hours < 48 ? `${hours} h` : `${Math.round(seconds / 86_400)} d`;
}

/** `"184 MB"`. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function visibleWidth(text: string): number {
  // oxlint-disable-next-line no-control-regex -- colour codes take no room
  return text.replaceAll(/\u001b\[[0-9;]*m/g, "").length;
}
