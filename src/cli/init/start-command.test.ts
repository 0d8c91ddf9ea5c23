import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePackageJson } from "./package-json.ts";
import { findStartCommand, type StartClues } from "./start-command.ts";

const none: StartClues = {
  packageJson: undefined,
  packageManager: "npm",
  dockerfile: undefined,
  procfile: undefined,
  entries: [],
};
const withStart = (start: string): StartClues => ({
  ...none,
  packageJson: parsePackageJson(JSON.stringify({ scripts: { start } })),
});

test("what a start script runs is taken rather than the script", () => {
  const table: [string, string | string[], Record<string, string>][] = [
    ["node server.js", "node server.js", {}],
    ["  node   dist/main  ", "node dist/main", {}],
    ["cross-env A=1 B=x-y node s.js", "node s.js", { A: "1", B: "x-y" }],
    ["node --watch src/s.ts", "node src/s.ts", {}],
    ["tsx src/s.ts", "tsx src/s.ts", {}],
    ["node 'my server.js'", ["node", "my server.js"], {}],
    ["A=$B node s.js", "npm run start", {}],
    ["prisma migrate deploy && node s.js", "npm run start", {}],
  ];
  for (const [start, command, env] of table) {
    assert.deepEqual(findStartCommand(withStart(start)), { command, env, source: "scripts.start" }, start);
  }
});

test("without a script: Procfile, then Dockerfile, then the entry", () => {
  const clues: StartClues = { ...none, procfile: "web: node a.js", dockerfile: "CMD node b.js", entries: ["c.js"] };
  const command = (given: StartClues) => findStartCommand(given)?.command;
  assert.equal(command(clues), "node a.js");
  assert.equal(command({ ...clues, procfile: "worker: x" }), "node b.js");
  assert.equal(command({ ...clues, procfile: undefined, dockerfile: "CMD [broken" }), "node c.js");
  assert.deepEqual(command({ ...none, dockerfile: "cmd migrate && serve" }), ["sh", "-c", "migrate && serve"]);
  assert.equal(findStartCommand(none), undefined);
});
