import assert from "node:assert/strict";
import { test } from "node:test";
import { splitCommand } from "./command-line.ts";

test("a command is split into words as a shell would", () => {
  const table: [string, string[]][] = [
    ["node src/server.ts", ["node", "src/server.ts"]],
    ["  node   --import x  a.js ", ["node", "--import", "x", "a.js"]],
    [`node "my server.js" 'it'"'"'s'`, ["node", "my server.js", "it's"]],
    [`node a\\ b.js`, ["node", "a b.js"]],
    [`echo "a \\"b\\" \\$c" ''`, ["echo", 'a "b" $c', ""]],
    ["echo '$HOME && *'", ["echo", "$HOME && *"]],
    ["node --opt=a=b x~y", ["node", "--opt=a=b", "x~y"]],
  ];
  for (const [text, words] of table) assert.deepEqual(splitCommand(text), { words }, text);
});

test("what needs a shell is refused, with a way to write it", () => {
  const table: [string, RegExp][] = [
    ["a && b", /operator &/],
    ["a | b", /operator \|/],
    ["a; b", /operator ;/],
    ["a > log", /redirection >/],
    ["next start -p $PORT", /expansion \$/],
    [`echo "$PORT"`, /expansion \$/],
    ["a `b`", /expansion `/],
    ["ls *.js", /pattern \*/],
    ["~/bin/x", /home folder/],
    ["A=1 B=2 node x", /variable A/],
    [`node "x`, /without its partner/],
    ["", /empty/],
    ["a\nb", /line break/],
  ];
  for (const [text, found] of table) {
    const split = splitCommand(text);
    assert.ok(split.words === undefined, text);
    assert.match(split.found, found, text);
    assert.notEqual(split.fix, "");
  }
});
