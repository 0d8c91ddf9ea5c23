import assert from "node:assert/strict";
import { test } from "node:test";
import { printable } from "./printable.ts";

const table: readonly (readonly [what: string, line: string, shown: string])[] = [
  ["plain text, with a tab", "a\tb é 你", "a\tb é 你"],
  [
    "colours",
    "\u001b[1;31mred\u001b[0m \u001b[38:5:4mblue\u001b[m",
    "\u001b[1;31mred\u001b[0m \u001b[38:5:4mblue\u001b[m",
  ],
  ["clearing the screen", "\u001b[2J\u001b[Hhello", "hello"],
  ["a window title", "\u001b]0;title\u0007hello", "hello"],
  ["a hyperlink", "\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\", "text"],
  ["a reset of the terminal", "\u001bcx", "x"],
  ["an escape at the end", "x\u001b", "x"],
  ["a line end of Windows", "hello\r", "hello"],
  ["a progress bar", "10 %\r50 %\r100 %", "100 %"],
  ["bytes that are no text", "a\u0000b\u0007c\u0085d\u007f", "abcd"],
];

for (const [what, line, shown] of table) test(what, () => assert.equal(printable(line), shown));
