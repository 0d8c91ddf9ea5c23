import type { Env, Hono } from "hono";
import { z } from "zod";
import type { AdjustmentRequest, ResetRequest } from "../platform/index.ts";
import type { Controlled } from "./controlled.ts";
import { json, parse } from "./json-body.ts";

/** What it means is the platform's to say; here it is bounded. */
const text = z.string().max(256);

const adjustmentBody = z.strictObject({
  limit: text,
  rate: text,
  from: text.optional(),
  until: text.optional(),
  for: text.optional(),
  event: text.optional(),
});

const resetQuery = z.strictObject({
  limit: text.optional(),
  event: text.optional(),
  all: z.literal("true").optional(),
});

export function addLimits<E extends Env>(api: Hono<E>, platform: Pick<Controlled, "limits">): void {
  api.get("/api/limits", async (c) => c.json(await platform.limits.report()));
  api.post("/api/limits/adjustments", async (c) => {
    const request = parse(adjustmentBody, await json(c)) as AdjustmentRequest;
    return c.json({ adjustment: await platform.limits.adjust(request) });
  });
  // What is meant stands in the query: a DELETE's body means nothing (RFC 9110, section 9.3.5).
  api.delete("/api/limits/adjustments", async (c) => {
    const { all, ...one } = parse(resetQuery, c.req.query());
    const request = { ...one, ...(all === undefined ? {} : { all: true }) } as ResetRequest;
    return c.json({ removed: await platform.limits.reset(request) });
  });
}
