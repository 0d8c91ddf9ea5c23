/**
 * `npm test`: format, types, lint, then every test, unit to end to end. Stops at the first step that fails.
 * `npm test -- src/kernel` runs only the tests whose path contains one of the given texts.
 */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const bin = (name: string): string => join(root, "node_modules/.bin", name);
const filters = process.argv.slice(2);

const files = globSync(["src/**/*.test.ts", "test/**/*.test.ts", "examples/*/test/**/*.test.ts"], {
  cwd: root,
  exclude: (path) => path.includes("node_modules"),
})
  .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  .toSorted();

if (filters.length === 0) {
  step("format", bin("oxfmt"), ["--check", "."]);
  step("types", bin("tsc"), ["-p", "."]);
  step("lint", bin("oxlint"), ["--deny-warnings"]);
}
if (files.length === 0) {
  process.stderr.write(`No test file contains ${filters.join(" or ")} in its path.\n`);
  process.exit(1);
}
step("tests", process.execPath, [
  "--conditions=tenfold-source",
  "--test",
  "--test-timeout=300000",
  ...(process.env["CI"] === undefined ? [] : ["--test-reporter=spec"]),
  ...files,
]);

function step(name: string, command: string, args: readonly string[]): void {
  const started = performance.now();
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (error !== undefined || status !== 0) {
    process.stderr.write(`✗ ${name} failed after ${seconds} s${error === undefined ? "" : `: ${error.message}`}\n`);
    process.exit(1);
  }
  process.stdout.write(`✓ ${name} (${seconds} s)\n`);
}
