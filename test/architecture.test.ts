import assert from "node:assert/strict";
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { test } from "node:test";

/**
 * The floors of the house. A component imports from lower floors, through their doors; siblings never meet.
 */
const floors: readonly (readonly string[])[] = [
  ["kernel"],
  ["config", "telemetry", "http"],
  [
    "gateway",
    "httpcache",
    "staticfiles",
    "limits",
    "fleet",
    "engines",
    "database",
    "cache",
    "sessions",
    "queue",
    "events",
    "functions",
    "scaling",
    "lab",
  ],
  ["advisor", "planner", "deploy", "platform"],
  ["control", "sdk"],
  ["cli"],
];

const src = resolve(import.meta.dirname, "../src");
const components = readdirSync(src, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const files = globSync("**/*.ts", { cwd: src }).map((path) => path.split(sep).join("/"));
/** Files that run as programs of their own: not part of a door, imported by nobody. */
const entries = new Set([
  "cli/main.ts",
  "platform/gateway-main.ts",
  "platform/guardian-main.ts",
  "fleet/instance/preload.ts",
]);

const floorOf = (component: string): number => floors.findIndex((floor) => floor.includes(component));
const componentOf = (path: string): string => path.split("/")[0]!;
const isTest = (path: string): boolean => path.endsWith(".test.ts") || path.endsWith("/contract.ts");

interface Import {
  readonly from: string;
  readonly to: string;
}

function importsOf(path: string): Import[] {
  const source = readFileSync(join(src, path), "utf8");
  const specifiers = source.matchAll(/(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)/g);
  return [...specifiers]
    .map((match) => match[1] ?? match[2]!)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => ({
      from: path,
      to: relative(src, resolve(src, dirname(path), specifier))
        .split(sep)
        .join("/"),
    }));
}

const imports = files.flatMap(importsOf);

test("every folder under src is a component on a floor, with one door", () => {
  for (const component of components) {
    assert.notEqual(floorOf(component), -1, `src/${component} stands on no floor`);
    if (component !== "cli") assert.ok(existsSync(join(src, component, "index.ts")), `src/${component} has no door`);
  }
});

test("imports point down, and through doors", () => {
  for (const { from, to } of imports) {
    const [here, there] = [componentOf(from), componentOf(to)];
    if (here === there) continue;
    assert.ok(floorOf(there) < floorOf(here), `${from} imports ${to}: not a lower floor`);
    if (!isTest(from)) assert.equal(to, `${there}/index.ts`, `${from} imports past the door of ${there}`);
  }
});

test("nobody inside a component imports its own door, and nobody imports a program", () => {
  for (const { from, to } of imports) {
    if (!isTest(from) && componentOf(from) === componentOf(to)) {
      assert.notEqual(to, `${componentOf(to)}/index.ts`, `${from} imports its own door`);
    }
    assert.ok(isTest(from) || !entries.has(to), `${from} imports the program ${to}`);
  }
});

test("doors list what they export by name", () => {
  for (const path of files.filter((file) => file.endsWith("index.ts"))) {
    assert.doesNotMatch(readFileSync(join(src, path), "utf8"), /export\s*\*/, `${path} exports everything`);
  }
});

test("a file holds one idea: none is past 300 lines, nine in ten are under 220, the median is under 100", () => {
  const lengths = files
    .filter((path) => !isTest(path))
    .map((path) => ({ path, lines: readFileSync(join(src, path), "utf8").split("\n").length }))
    .toSorted((a, b) => a.lines - b.lines);
  const tooLong = lengths.filter(({ lines }) => lines > 300);
  assert.deepEqual(tooLong, []);
  assert.ok(lengths[Math.floor(lengths.length * 0.9)]!.lines < 220, "nine in ten under 220");
  assert.ok(lengths[Math.floor(lengths.length * 0.5)]!.lines < 100, "median under 100");
});

test("names say what a file is about", () => {
  for (const path of files) {
    assert.match(path, /^[a-z0-9/-]+(\.test)?\.ts$/, `${path} is not kebab-case`);
    assert.doesNotMatch(
      path,
      /(^|\/)(utils?|helpers?|common|types|interfaces|manager)(\.ts|\/)/,
      `${path} names no idea`,
    );
  }
});
