import type { LogLine } from "../fleet/index.ts";
import { paint } from "./terminal.ts";

const palette = ["cyan", "magenta", "blue", "yellow", "green"] as const;

/** `api-1 │ text`: every service has its colour. */
export function logLineText({ service, instance, text }: LogLine): string {
  return `${paint(colourOf(service), `${instance} │`)} ${text}`;
}

function colourOf(name: string): (typeof palette)[number] {
  let sum = 0;
  for (const letter of name) sum += letter.codePointAt(0)!;
  return palette[sum % palette.length]!;
}
