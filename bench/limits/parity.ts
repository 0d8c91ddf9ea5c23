/**
 * That all do the same work, shown before it is timed: who decides lets through as many as are allowed and no more; who answers requests gives
 * the origin's answer, or refuses.
 */
import assert from "node:assert/strict";
import { request } from "undici";
import { paths, smallAnswer } from "../gateway/origin.ts";
import type { Upstream } from "../gateway/bench-site.ts";
import { type DeciderName, type ServerName, servers } from "./contenders.ts";
import type { RedisServer } from "./redis-server.ts";
import { keyHeader } from "./servers/protocol.ts";
import { startServer } from "./servers/start.ts";
import { startDecider } from "./subject/start.ts";

const allowance = { count: 20, windowSeconds: 60 };

export async function assertDecides(name: DeciderName, redis: RedisServer): Promise<void> {
  await redis.flush();
  const running = await startDecider(name, { allowance, redisUrl: redis.url });
  try {
    assert.equal(await running.ask("allowed"), allowance.count, `${name} lets through another number than is allowed`);
  } finally {
    await running.stop();
  }
}

export async function assertAnswers(name: ServerName, upstream: Upstream): Promise<void> {
  const running = await startServer(name, upstream);
  try {
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) {
      const url = `http://127.0.0.1:${running.port}${paths.small}`;
      const { statusCode, body } = await request(url, { headers: { [keyHeader]: "key-1" } });
      const text = await body.text();
      statuses.push(statusCode);
      if (statusCode === 200) assert.equal(text, smallAnswer, `${name} answers something else`);
    }
    const wanted = servers[name].limit === "refusing" ? [200, 429, 429] : [200, 200, 200];
    assert.deepEqual(statuses, wanted, name);
  } finally {
    await running.stop();
  }
}
