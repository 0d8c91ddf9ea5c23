import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryDirectory } from "../../test/support/temporary.ts";
import { holderOf, releaseClaim, tryClaim } from "./claim.ts";

test("a claim is held until it is released", (t) => {
  const file = join(temporaryDirectory(t), "run", "claim.json");
  assert.equal(holderOf(file), undefined);
  assert.deepEqual(tryClaim(file, "platform"), { claimed: true });
  assert.equal(holderOf(file)?.identity.pid, process.pid);
  releaseClaim(file);
  assert.equal(holderOf(file), undefined);
});

test("a claim of a process that is gone, or whose pid was given again, is set aside", (t) => {
  const file = join(temporaryDirectory(t), "claim.json");
  const stale = { holder: "platform", identity: { pid: process.pid, startedAt: "an earlier process" } };
  writeFileSync(file, JSON.stringify(stale));
  assert.equal(holderOf(file), undefined);
  assert.deepEqual(tryClaim(file, "guardian"), { claimed: true });
  assert.equal(holderOf(file)?.holder, "guardian");
});

for (const content of ["", "{", "null", "[]", '{"holder":"platform"}', '{"identity":{"pid":"1","startedAt":null}}']) {
  test(`a file that is no claim is nobody's: ${JSON.stringify(content)}`, (t) => {
    const file = join(temporaryDirectory(t), "claim.json");
    writeFileSync(file, content);
    assert.equal(holderOf(file), undefined);
    releaseClaim(file);
    assert.deepEqual(tryClaim(file, "platform"), { claimed: true });
  });
}

test("of many that claim at once over a stale claim, one gets it", async (t) => {
  const directory = temporaryDirectory(t);
  const file = join(directory, "claim.json");
  writeFileSync(file, JSON.stringify({ holder: "platform", identity: { pid: 1, startedAt: "never" } }));
  const module = JSON.stringify(join(import.meta.dirname, "claim.ts"));
  // Each says what it got, and lives until its standard input ends: a claim of a process that is gone is no claim.
  const script = `import { tryClaim } from ${module};
    process.stdout.write(JSON.stringify(tryClaim(${JSON.stringify(file)}, "platform")));
    process.stdin.resume();`;
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ["--input-type=module-typescript", "-e", script], { stdio: ["pipe", "pipe", "inherit"] }),
  );
  const answers = await Promise.all(children.map(async (child) => String((await once(child.stdout, "data"))[0])));
  assert.equal(answers.filter((answer) => answer === '{"claimed":true}').length, 1, answers.join(" "));
  await Promise.all(
    children.map((child) => {
      child.stdin.end();
      return once(child, "exit");
    }),
  );
  assert.deepEqual(readdirSync(directory), ["claim.json"], "nothing is left beside the claim");
});
