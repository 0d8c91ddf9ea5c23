import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { request } from "undici";
import type { PlatformStatus } from "../../src/platform/index.ts";
import { walkRealWorld } from "../support/realworld.ts";
import { createProject, startTenfold } from "../support/tenfold.ts";

const example = join(import.meta.dirname, "../../examples/conduit");

/** The example as it is, but for its data, which are kept apart from those of `npm start`. */
const config = `
import conduit from ${JSON.stringify(join(example, "tenfold.config.ts"))};
const cwd = ${JSON.stringify(example)};
export default {
  ...conduit,
  setup: ["node", cwd + "/src/seed.ts"],
  services: { api: { ...conduit.services.api, cwd } },
};`;

test("the RealWorld walk-through passes through the gateway, on four instances, also while they are replaced", async (t) => {
  const tenfold = await startTenfold(t, createProject(t, { "tenfold.config.ts": config }));
  const { services, database } = (await tenfold.ask("status")) as PlatformStatus;
  assert.equal(services[0]!.instances.filter(({ state }) => state === "ready").length, 4);
  assert.equal(database.kind === "embedded" && database.nodes.length, 2);

  const metrics = async (): Promise<string> => (await request(`${tenfold.control}/metrics`)).body.text();
  await walkRealWorld(tenfold.url);
  const shares = [...(await metrics()).matchAll(/^tenfold_upstream_requests_total\{.*\} (\d+)$/gm)];
  assert.equal(shares.length, 4);
  for (const [line, count] of shares) assert.ok(Number(count) > 0, `every instance has served: ${line}`);
  const [, hits] = /^tenfold_cache_requests_total\{.*outcome="hit"\} (\d+)$/m.exec(await metrics())!;
  assert.ok(Number(hits) > 0, "the cache has served");

  await Promise.all([walkRealWorld(tenfold.url), walkRealWorld(tenfold.url), tenfold.ask("reload")]);
  assert.doesNotMatch(await metrics(), /^tenfold_gateway_requests_total\{.*code="5\d\d".*\} [1-9]/m);
  const seeded = await request(`${tenfold.url}/api/articles?limit=1`);
  assert.ok(((await seeded.body.json()) as { articlesCount: number }).articlesCount >= 20_000);
});
