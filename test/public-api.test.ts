import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "..");
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, Record<string, string> | string>;
};

/** What users import. A name that goes, or is spelled differently, breaks them: it takes a major version and a line in the changelog. */
const published: Readonly<Record<string, readonly string[]>> = {
  tenfold: ["defineConfig", "env", "purge"],
  "tenfold/limits": ["createLimits", "limitExpress", "limitFastify", "limitHono"],
};

test("the package opens these doors", () => {
  assert.deepEqual(Object.keys(exports), [".", "./instance", "./limits", "./package.json"]);
});

test("each door's source, types and build are the same module", () => {
  for (const door of Object.values(exports)) {
    if (typeof door === "string") continue;
    const modules = Object.values(door).map((file) =>
      file.replace(/^\.\/(src|dist)\//, "").replace(/(\.d)?\.[tj]s$/, ""),
    );
    assert.equal(new Set(modules).size, 1, modules.join(" "));
  }
});

for (const [specifier, names] of Object.entries(published)) {
  test(`${specifier} exports ${names.join(", ")}`, async () => {
    assert.deepEqual(Object.keys((await import(specifier)) as object).toSorted(), names);
  });
}
