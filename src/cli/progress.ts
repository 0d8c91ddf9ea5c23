import type { PlatformEvent } from "../platform/index.ts";
import { note, paint } from "./terminal.ts";

const marks = { info: ["green", "✓"], warn: ["yellow", "!"], error: ["red", "✗"] } as const;

/** What happens, line by line, on standard error. */
export function showEvent(event: PlatformEvent): void {
  const [colour, mark] = marks[event.level];
  note(`${paint(colour, mark, process.stderr)} ${event.message}`);
}
