import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createProject, runTenfold } from "./tenfold.ts";

const repository = join(import.meta.dirname, "../..");

/** A page of docs/guides, to be held to what it says. */
export interface Guide {
  readonly text: string;
  readonly blocks: readonly { readonly language: string; readonly text: string }[];
}

export function readGuide(name: string): Guide {
  const text = readFileSync(join(repository, `docs/guides/${name}.md`), "utf8");
  const blocks = [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
  return { text, blocks: blocks.map(([, language, content]) => ({ language: language!, text: content! })) };
}

/** The program with this first line: `"// server.ts, with Hono"`. */
export function programOf({ blocks }: Guide, firstLine: string): string {
  const block = blocks.find(({ text }) => text.startsWith(`${firstLine}\n`));
  assert.ok(block !== undefined, `the guide has no ${firstLine}`);
  return block.text;
}

/** The rows of the table with these columns, without what marks code. */
export function tableOf({ text }: Guide, ...columns: readonly string[]): string[][] {
  const cells = (line: string): string[] =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim().replaceAll("`", ""));
  const lines = text.split("\n");
  const head = lines.findIndex((line) => line.startsWith("|") && columns.every((name, i) => cells(line)[i] === name));
  assert.notEqual(head, -1, `the guide has no table of ${columns.join(", ")}`);
  const end = lines.findIndex((line, i) => i > head && !line.startsWith("|"));
  return lines.slice(head + 2, end).map(cells);
}

/** What the guide tells to run of the CLI. */
export function commandsOf({ blocks }: Guide): string[][] {
  return blocks
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => [...text.matchAll(/^npx tenfold ([^#\n]+)/gm)])
    .map(([, words]) => words!.trim().split(/\s+/));
}

/** A project whose programs find what they import. */
export function createGuideProject(t: TestContext, files: Readonly<Record<string, string>>): string {
  const directory = createProject(t, { "package.json": '{ "type": "module" }', ...files });
  symlinkSync(join(repository, "node_modules"), join(directory, "node_modules"));
  return directory;
}

/** Every program of the guide passes the strictest checks. */
export async function checkTypes(t: TestContext, { blocks }: Guide): Promise<void> {
  const programs = blocks.filter(({ language }) => language === "ts");
  const resolution = { module: "nodenext", target: "es2024", types: ["node"], customConditions: ["tenfold-source"] };
  const strictness = { strict: true, noUncheckedIndexedAccess: true, allowImportingTsExtensions: true };
  const compilerOptions = { ...resolution, ...strictness, noEmit: true, skipLibCheck: true };
  const directory = createGuideProject(t, {
    ...Object.fromEntries(programs.map(({ text }, n) => [`program-${n}.ts`, text])),
    "tsconfig.json": JSON.stringify({ compilerOptions }),
  });
  const { error, stdout } = await new Promise<{ error: Error | null; stdout: string }>((resolve) => {
    execFile(join(repository, "node_modules/.bin/tsc"), ["-p", directory], (error, stdout) =>
      resolve({ error, stdout }),
    );
  });
  assert.equal(error, null, stdout);
}

/** Every config of the guide is valid. @returns how many there are */
export async function checkConfigs(t: TestContext, { blocks }: Guide, env: NodeJS.ProcessEnv = {}): Promise<number> {
  const configs = blocks.filter(({ text }) => text.startsWith("// tenfold.config.ts"));
  for (const { text } of configs) {
    const programs = [...text.matchAll(/"node (\S+\.ts)"/g)].map(([, program]) => [program!, ""]);
    const directory = createProject(t, { "tenfold.config.ts": text, ...Object.fromEntries(programs) });
    const { code, stdout, stderr } = await runTenfold(directory, ["config"], env);
    assert.equal(code, 0, stdout + stderr);
  }
  return configs.length;
}

/** Links within the guide lead to its headings. */
export function checkAnchors({ text }: Guide): void {
  const toAnchor = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-");
  const anchors = new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => toAnchor(heading!)));
  for (const [, anchor] of text.matchAll(/\]\(#([^)]+)\)/g)) assert.ok(anchors.has(anchor!), `#${anchor}`);
}
