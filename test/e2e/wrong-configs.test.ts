import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createProject, runTenfold } from "../support/tenfold.ts";
import { wrongConfigs } from "../support/wrong-configs.ts";

test("there are at least twenty wrong configs", () => {
  assert.ok(wrongConfigs.length >= 20, String(wrongConfigs.length));
});

for (const { name, config, env, expect } of wrongConfigs) {
  test(`a wrong config is refused before anything starts: ${name}`, async (t) => {
    const directory = createProject(t, { "tenfold.config.ts": config });
    const { code, stdout, stderr } = await runTenfold(directory, ["up"], env);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    for (const pattern of expect) assert.match(stderr, pattern);
    assert.doesNotMatch(stderr, /\n\s+at /, "no stack trace");
    assert.ok(!existsSync(join(directory, ".tenfold")), "nothing was started or written");
  });
}
