import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { request } from "undici";
import type { PurgeReport } from "../../src/sdk/index.ts";
import { createEchoProject } from "../support/projects.ts";
import { type RunningTenfold, runTenfold, startTenfold } from "../support/tenfold.ts";

const repository = join(import.meta.dirname, "../..");
const twoGateways = { database: false, gateway: { processes: 2 } };
const both = ["gateway-1", "gateway-2"];

/** Answers a POST with what `purge(body)` has given. */
const app = `import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { purge } from "tenfold";

createServer(async (request, response) => {
  if (request.method !== "POST") return response.end("ready");
  const answer = await purge(JSON.parse(await text(request))).catch(({ code, fix }) => ({ code, fix }));
  response.end(JSON.stringify(answer));
}).listen(Number(process.env.PORT), process.env.HOST);
`;

async function purgeInApp({ url }: RunningTenfold, body: object): Promise<unknown> {
  const { body: answer } = await request(url, { method: "POST", body: JSON.stringify(body) });
  return answer.json();
}

test("`tenfold purge` resolves when every gateway has confirmed it", async (t) => {
  const tenfold = await startTenfold(t, createEchoProject(t, {}, twoGateways));
  for (const words of [
    ["/item", "/item?page=2"],
    ["--prefix", "http://shop.example/articles/"],
    ["--tag", "article:5", "--tag", "authors", "--soft"],
    ["/item", "--tag", "article:5"],
    ["--all"],
  ]) {
    const { gateways, tookMs } = (await tenfold.ask("purge", ...words)) as PurgeReport;
    assert.deepEqual(gateways, both);
    assert.ok(tookMs >= 0);
  }
  const { code, stdout } = await tenfold.run("purge", "/item", "--soft");
  assert.equal(code, 0);
  assert.match(stdout, /^Purged.* softly: gateway-1, gateway-2 confirmed it within \d+ ms\.\n$/);
});

test("a purge that says nothing, or is no URL, is refused with the fix, also while nothing runs", async (t) => {
  const directory = createEchoProject(t);
  const table: [words: string[], code: number, said: RegExp][] = [
    [[], 2, /cannot be purged: nothing[^]*fix: give a URL, a path, a prefix or a tag/],
    [["shop.example/articles"], 2, /is neither a URL[^]*fix: write "https:\/\/shop\.example\/articles"/],
    [["--prefix", "/articles/*"], 2, /fix: give "\/articles\/" as a prefix/],
    [["--all", "/articles"], 2, /fix: give all alone/],
    [["--all", "--tag", "x"], 2, /fix: give all alone/],
    [["--tag", "a b"], 2, /the tag "a b"[^]*without spaces/],
    [["--everything"], 2, /unknown option '--everything'/],
    [["/articles"], 3, /Tenfold does not run[^]*tenfold up/],
  ];
  for (const [words, code, said] of table) {
    const result = await runTenfold(directory, ["purge", ...words]);
    assert.equal(result.code, code, words.join(" "));
    assert.match(result.stderr, said, words.join(" "));
  }
  const json = await runTenfold(directory, ["purge", "articles", "--json"]);
  assert.equal((JSON.parse(json.stdout) as { error: { code: string } }).error.code, "CACHE_PURGE_INVALID");
});

test("an app purges by the SDK, without a token, while the control API needs one", async (t) => {
  const env = { TENFOLD_CONTROL_TOKEN: "long-random-text" };
  const directory = createEchoProject(t, { command: "node --conditions=tenfold-source app.js" }, twoGateways);
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(repository, join(directory, "node_modules/tenfold"));
  writeFileSync(join(directory, "app.js"), app);
  const tenfold = await startTenfold(t, directory, [], env);
  assert.deepEqual(((await purgeInApp(tenfold, { tags: ["article:5"] })) as PurgeReport).gateways, both);
  assert.deepEqual(await purgeInApp(tenfold, { urls: ["articles"] }), {
    code: "CACHE_PURGE_INVALID",
    fix: 'write "/articles" for this path on every host, or "https://articles" (or http://)',
  });
  assert.equal((await request(`${tenfold.control}/api/purge`, { method: "POST" })).statusCode, 401);
  assert.deepEqual(((await tenfold.ask("purge", "--all")) as PurgeReport).gateways, both);
});
