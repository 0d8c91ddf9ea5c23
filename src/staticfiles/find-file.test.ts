import assert from "node:assert/strict";
import { mkdirSync, realpathSync, renameSync, symlinkSync, unlinkSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { writeFiles } from "../../test/support/static-files.ts";
import { temporaryDirectory } from "../../test/support/temporary.ts";
import { findFile } from "./find-file.ts";
import { openInside, resolvedPlaceOf } from "./open-inside.ts";
import { readRequestPath } from "./request-path.ts";
import { SiteFile } from "./site-file.ts";

/** A directory with ways around in it and out of it. */
function site(t: TestContext): string {
  const folder = realpathSync(temporaryDirectory(t));
  const root = join(folder, "public");
  writeFiles(folder, {
    "secret.txt": "SECRET",
    "secrets/index.html": "SECRET",
    "secrets/a": "SECRET",
    "public2/a": "SECRET",
    "public/a": "open",
    "public/index.html": "open",
    "public/d/index.html": "open",
    "public/d/a": "open",
    "public/.env": "HIDDEN",
    "public/d/.git/a": "HIDDEN",
  });
  for (const [name, target] of Object.entries({
    in: "d",
    "d/up": "..",
    out: "..",
    "d/out": "../..",
    s: "../secrets",
    "s.txt": "../secret.txt",
    p: "../public2",
    abs: join(folder, "secrets"),
    chain: "out",
    round: "round",
  })) {
    symlinkSync(target, join(root, name));
  }
  return root;
}

test("no request reads what is outside of the directory, or hidden in it", async (t) => {
  const root = site(t);
  const names = "a d in up out s s.txt p abs chain round public public2 secret.txt secrets index.html .env .git";
  const others = ["/", "/", "/", "..", ".", "%2e", "%2f", "%5c", "\\", "%00", "%25", "?", "~"];
  const piece = fc.constantFrom(...names.split(" "), ...others);
  const target = fc.array(piece, { maxLength: 10 }).map((pieces) => `/${pieces.join("")}`);
  let found = 0;
  await fc.assert(
    fc.asyncProperty(target, fc.boolean(), fc.constantFrom("/", "/d"), async (path, wantsPage, base) => {
      const read = readRequestPath(path, { base, dotfiles: false });
      if ("refused" in read) return;
      const finding = await findFile({ index: "index.html", fallback: "index.html" }, root, read, wantsPage);
      if ("location" in finding) assert.match(finding.location, /^\/[^/\\]/);
      if (!("file" in finding)) return;
      await using file = finding.file;
      found++;
      assert.equal((await file.whole()).toString(), "open", path);
    }),
    { numRuns: 3_000 },
  );
  assert.ok(found > 100, "the search must find files at all");
});

test("a path that is changed all the time leads to what is inside, or nowhere", async (t) => {
  const root = site(t);
  mkdirSync(join(root, "turn"));
  writeFiles(root, { "turn/a": "open" });
  const turn = join(root, "turn");
  const over = new AbortController();
  const turning = (async () => {
    while (!over.signal.aborted) {
      renameSync(turn, `${turn}-real`);
      symlinkSync("../secrets", turn);
      await new Promise(setImmediate);
      unlinkSync(turn);
      renameSync(`${turn}-real`, turn);
      await new Promise(setImmediate);
    }
  })();
  const seen = new Map<string, number>();
  for (let i = 0; i < 1_500; i++) {
    const file = await openInside(root, ["turn", "a"]);
    const what = file instanceof SiteFile ? (await file.whole()).toString() : file;
    if (file instanceof SiteFile) await file.close();
    seen.set(what, (seen.get(what) ?? 0) + 1);
  }
  over.abort();
  await turning;
  assert.equal(seen.get("SECRET"), undefined);
  assert.deepEqual([...seen.keys()].toSorted(), ["absent", "open"]);
});

test("where the system does not say where an open file is, its path must still lead to it", async (t) => {
  const root = site(t);
  await using handle = await open(join(root, "in/a"));
  assert.equal(await resolvedPlaceOf(handle, join(root, "in/a")), join(root, "d/a"));
  unlinkSync(join(root, "in"));
  symlinkSync("../secrets", join(root, "in"));
  assert.equal(await resolvedPlaceOf(handle, join(root, "in/a")), undefined);
});
