import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Agent, request } from "undici";
import type { PurgeReport } from "../../src/sdk/index.ts";
import { createEchoProject } from "../support/projects.ts";
import { type RunningTenfold, runTenfold, startTenfold } from "../support/tenfold.ts";

const repository = join(import.meta.dirname, "../..");
const twoGateways = { database: false, gateway: { processes: 2 } };
const both = ["gateway-1", "gateway-2"];

/** A GET is answered the same until a POST to /publish; the answer to a POST elsewhere is what `purge(body)` has given. */
const app = `import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { purge } from "tenfold";

let version = 1;
createServer(async (request, response) => {
  const body = await text(request);
  if (request.url === "/publish") return response.end(String(++version));
  if (request.method === "POST") {
    const answer = await purge(JSON.parse(body)).catch(({ code, fix }) => ({ code, fix }));
    return response.end(JSON.stringify(answer));
  }
  response.setHeader("cache-control", "max-age=600");
  response.setHeader("cache-tag", "article:5, articles");
  response.end("version " + version);
}).listen(Number(process.env.PORT), process.env.HOST);
`;

function createAppProject(t: TestContext): string {
  const service = { command: "node --conditions=tenfold-source app.js", scale: { min: 1 } };
  const directory = createEchoProject(t, service, twoGateways);
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(repository, join(directory, "node_modules/tenfold"));
  writeFileSync(join(directory, "app.js"), app);
  return directory;
}

async function post({ url }: RunningTenfold, path: string, body: object): Promise<unknown> {
  const { body: answer } = await request(url + path, { method: "POST", body: JSON.stringify(body) });
  return answer.json();
}

/** What clients are given, each on a connection of its own, so that both gateways answer. */
async function versions({ url }: RunningTenfold): Promise<string[]> {
  const texts = Array.from({ length: 24 }, async () => {
    const { body } = await request(`${url}/articles/5?page=2`, { reset: true, dispatcher: new Agent() });
    return body.text();
  });
  return [...new Set(await Promise.all(texts))];
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
  const tenfold = await startTenfold(t, createAppProject(t), [], { TENFOLD_CONTROL_TOKEN: "long-random-text" });
  assert.deepEqual(((await post(tenfold, "/", { tags: ["article:5"] })) as PurgeReport).gateways, both);
  assert.deepEqual(await post(tenfold, "/", { urls: ["articles"] }), {
    code: "CACHE_PURGE_INVALID",
    fix: 'write "/articles" for this path on every host, or "https://articles" (or http://)',
  });
  assert.equal((await request(`${tenfold.control}/api/purge`, { method: "POST" })).statusCode, 401);
  assert.deepEqual(((await tenfold.ask("purge", "--all")) as PurgeReport).gateways, both);
});

test("after a purge no client is given what was there before, whichever gateway it asks", async (t) => {
  const tenfold = await startTenfold(t, createAppProject(t));
  const purges: (() => Promise<unknown>)[] = [
    () => tenfold.ask("purge", `${tenfold.url}/articles/5?page=2`),
    () => tenfold.ask("purge", "/articles/5?page=2"),
    () => tenfold.ask("purge", "--prefix", `${tenfold.url}/articles`),
    () => tenfold.ask("purge", "--prefix", "/articles/"),
    () => tenfold.ask("purge", "--tag", "articles"),
    () => tenfold.ask("purge", "--all"),
    () => post(tenfold, "/", { tags: ["article:5"] }),
  ];
  for (const [index, purge] of purges.entries()) {
    const before = `version ${index + 1}`;
    assert.deepEqual(await versions(tenfold), [before]);
    await post(tenfold, "/publish", {});
    assert.deepEqual(await versions(tenfold), [before], "it is cached");
    await purge();
    assert.deepEqual(await versions(tenfold), [`version ${index + 2}`]);
  }
});
