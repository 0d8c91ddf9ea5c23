import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { request } from "undici";
import type { PlatformStatus } from "../../src/platform/index.ts";
import { cleanUp } from "../support/cleanup.ts";
import { createProject, type RunningTenfold, startTenfold } from "../support/tenfold.ts";

const apps = join(import.meta.dirname, "../fixtures/apps");
const app = (name: string): string => readFileSync(join(apps, name), "utf8");
const config = (services: object): string =>
  `import { defineConfig } from "tenfold";\nexport default defineConfig(${JSON.stringify({ services, database: false })});\n`;

const front = { command: "node front.js", routes: ["/*"] };
const back = { command: "perl back.pl", routes: [], scale: { min: 2 } };
const files = { "package.json": '{ "type": "module" }', "front.js": app("front.js"), "back.pl": app("back.pl") };

async function get(tenfold: RunningTenfold, path: string, headers: Record<string, string> = {}) {
  const { statusCode, body } = await request(tenfold.url + path, { headers });
  return { status: statusCode, body: await body.text() };
}

test("services in any language reach each other by their addresses, and a trace passes through", async (t) => {
  const tenfold = await startTenfold(t, createProject(t, { ...files, "tenfold.config.ts": config({ front, back }) }));
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const { status, body } = await get(tenfold, "/question", { traceparent });
  assert.equal(status, 200);
  assert.match(body, new RegExp(`^front heard: /question by back-[12], trace ${traceparent}$`));
});

test("a reload adds, changes and removes services as the config now says", async (t) => {
  const elsewhere = createServer((_, response) => response.end("elsewhere")).listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  cleanUp(t, () => elsewhere.close());
  const directory = createProject(t, { ...files, "tenfold.config.ts": config({ front, back }) });
  const tenfold = await startTenfold(t, directory);
  const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  const added = {
    front,
    back: { ...back, scale: { min: 1 } },
    other: { urls: [url], routes: ["/other/*"], health: false },
  };

  writeFileSync(join(directory, "tenfold.config.ts"), config(added));
  await tenfold.ask("reload");
  assert.deepEqual(await get(tenfold, "/other/x"), { status: 200, body: "elsewhere" });
  assert.match((await get(tenfold, "/x")).body, /by back-\d/);

  writeFileSync(join(directory, "tenfold.config.ts"), config({ ...added, front: { ...front, routse: [] } }));
  const refused = await tenfold.run("reload");
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /services\.front\.routse[^]*"routes"/);
  assert.deepEqual(await get(tenfold, "/other/x"), { status: 200, body: "elsewhere" });

  writeFileSync(join(directory, "tenfold.config.ts"), config({ front, back }));
  await tenfold.ask("reload");
  assert.match((await get(tenfold, "/other/x")).body, /^front heard/);
  const { services } = (await tenfold.ask("status")) as PlatformStatus;
  assert.deepEqual(services.map(({ name }) => name).toSorted(), ["back", "front"]);
});
