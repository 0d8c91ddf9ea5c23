import type { Env, Hono } from "hono";
import { z } from "zod";
import type { PurgeRequest } from "../platform/index.ts";
import type { Controlled } from "./controlled.ts";
import { json, parse } from "./json-body.ts";

/** So many of a kind at once, since each URL is an order of its own to each gateway. */
const maxItems = 256;
const urls = z.array(z.string().max(8_192)).max(maxItems);

const purgeBody = z.strictObject({
  urls: urls.optional(),
  prefixes: urls.optional(),
  tags: z.array(z.string().max(256)).max(maxItems).optional(),
  all: z.literal(true).optional(),
  soft: z.boolean().optional(),
});

/** What operators and apps share. */
export function addPurge<E extends Env>(api: Hono<E>, platform: Pick<Controlled, "purge">): void {
  api.post("/api/purge", async (c) => c.json(await platform.purge(parse(purgeBody, await json(c)) as PurgeRequest)));
}
