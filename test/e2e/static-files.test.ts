import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { request } from "undici";
import type { PlatformStatus } from "../../src/platform/index.ts";
import { writeFiles } from "../support/static-files.ts";
import { createProject, startTenfold } from "../support/tenfold.ts";

const api = { command: "node api.mjs", routes: ["/api/*"] };
const config = (services: object, gateway: object = {}): string =>
  `import { defineConfig } from "tenfold";\nexport default defineConfig(${JSON.stringify({ services, gateway, database: false })});\n`;
const server = `import { createServer } from "node:http";
createServer(async (req, res) => {
  const page = req.url === "/api/page" ? await (await fetch(process.env.WEB_URL + "/")).text() : "api";
  res.end(page);
}).listen(process.env.PORT);\n`;

test("an app of files and an API: one config, one port", async (t) => {
  const web = { static: { directory: "dist", fallback: "index.html" } };
  const directory = createProject(t, {
    "api.mjs": server,
    "tenfold.config.ts": config({ api, web }, { processes: 2 }),
  });
  const script = "export const answer = 42;\n".repeat(100);
  writeFiles(join(directory, "dist"), {
    "index.html": "<title>app</title>",
    "assets/app-BgT7x_9q.js": script,
    "logo.svg": "<svg/>",
    ".env": "SECRET=1",
  });
  const tenfold = await startTenfold(t, directory);
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const { statusCode: status, headers: fields, body } = await request(tenfold.url + path, { headers });
    return { status, fields, text: await body.text() };
  };
  const page = { accept: "text/html,*/*;q=0.8" };

  assert.equal((await get("/api/x")).text, "api");
  assert.equal((await get("/api/page")).text, "<title>app</title>", "services reach each other's files too");
  for (const path of ["/", "/users/1"]) assert.equal((await get(path, page)).text, "<title>app</title>");
  assert.equal((await get("/.env", page)).status, 404);
  assert.equal((await get("/..%2fapi.mjs", page)).status, 400);
  const { fields, text } = await get("/assets/app-BgT7x_9q.js");
  assert.equal(text, script);
  assert.equal(fields["cache-control"], "public, max-age=31536000, immutable");
  const coded = await get("/assets/app-BgT7x_9q.js", { "accept-encoding": "gzip, br" });
  assert.equal(coded.fields["content-encoding"], "br");
  const etag = String(fields["etag"]);
  assert.equal((await get("/assets/app-BgT7x_9q.js", { "if-none-match": etag })).status, 304);
  assert.equal((await get("/logo.svg", { range: "bytes=1-3" })).text, "svg");

  const { services } = (await tenfold.ask("status")) as PlatformStatus;
  const { kind, instances, routes } = services.find(({ name }) => name === "web")!;
  assert.deepEqual({ kind, instances, routes }, { kind: "static", instances: [], routes: ["/*"] });
  const { stdout } = await tenfold.run("status");
  assert.match(stdout, new RegExp(`web +files +${join(directory, "dist")}`));
  const scaled = await tenfold.run("scale", "web", "2");
  assert.notEqual(scaled.code, 0);
  assert.match(scaled.stderr, /service web has no instances/);
  assert.equal((await tenfold.run("reload", "web")).code, 0);

  mkdirSync(join(directory, "next"));
  writeFileSync(join(directory, "next/index.html"), "<title>next</title>");
  writeFileSync(join(directory, "tenfold.config.ts"), config({ api, web: { static: "next" } }, { processes: 2 }));
  await tenfold.ask("reload");
  assert.equal((await get("/")).text, "<title>next</title>");
  assert.equal((await get("/users/1", page)).status, 404);
});

test("files alone are a project, and what is hot is served from memory", async (t) => {
  const directory = createProject(t, { "tenfold.config.ts": config({ web: { static: "public" } }) });
  writeFiles(join(directory, "public"), { "index.html": "hello" });
  writeFiles(join(directory, "public"), { "app.3f9a1c2b.js": "x" });
  const tenfold = await startTenfold(t, directory);
  const { statusCode, body } = await request(tenfold.url);
  assert.deepEqual([statusCode, await body.text()], [200, "hello"]);
  const statuses: unknown[] = [];
  for (let i = 0; i < 2; i++) {
    const { headers, body: script } = await request(`${tenfold.url}/app.3f9a1c2b.js`, { headers: { cookie: "a=b" } });
    assert.equal(await script.text(), "x");
    statuses.push(String(headers["cache-status"]).split("; ")[1]);
  }
  assert.deepEqual(statuses, ["fwd=uri-miss", "hit"]);
  const log = join(directory, ".tenfold/logs/access.log");
  await tenfold.run("stop");
  assert.match(readFileSync(log, "utf8"), /"service":"web"/);
});
