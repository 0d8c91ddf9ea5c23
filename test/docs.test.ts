import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { generateReference } from "../scripts/docs.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const pages = globSync(["*.md", "docs/**/*.md", "src/**/*.md", "examples/*/*.md"], { cwd: root });

for (const [file, content] of generateReference()) {
  test(`${file} says what the code says`, () => {
    assert.equal(read(file), content, "run `npm run docs`");
  });
}

test("links between pages lead somewhere", () => {
  for (const page of pages) {
    for (const [, target] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      assert.ok(existsSync(join(root, dirname(page), target!)), `${page} links to ${target}`);
    }
  }
});

test("commands that pages tell to run exist", () => {
  const scripts = (JSON.parse(read("package.json")) as { scripts: Record<string, string> }).scripts;
  for (const page of pages.filter((each) => each !== "docs/reference/errors.md")) {
    for (const [, script] of read(page).matchAll(/`?npm run ([\w:]+)/g)) {
      const own = page.startsWith("examples/") ? read(join(dirname(page), "package.json")) : "";
      assert.ok(scripts[script!] !== undefined || own.includes(`"${script}"`), `${page}: npm run ${script}`);
    }
  }
});

test("the commands that pages mention are the commands that there are", () => {
  const known = new Set([...read("docs/reference/cli.md").matchAll(/^## tenfold (\w+)$/gm)].map(([, name]) => name));
  for (const page of pages.filter((each) => !each.includes("adr"))) {
    for (const [, name] of read(page).matchAll(/`(?:npx )?tenfold (\w+)/g)) {
      assert.ok(known.has(name), `${page}: tenfold ${name}`);
    }
  }
});

test("components say what they are in at most sixty lines", () => {
  for (const page of globSync("src/*/README.md", { cwd: root })) {
    assert.ok(read(page).split("\n").length <= 61, page);
  }
});
