import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { z } from "zod";
import type { LogLine } from "../fleet/index.ts";
import { cacheReport, overloadReport, type PlatformEvent } from "../platform/index.ts";
import type { Controlled, LogQuery } from "./controlled.ts";
import { type GuardPolicy, refusalOf } from "./guard.ts";
import { json, parse } from "./json-body.ts";
import { addLimits } from "./limits-endpoint.ts";
import { addPurge } from "./purge-endpoint.ts";
import { answerFailures, boundBodies } from "./refusals.ts";
import { sendEvents } from "./server-sent-events.ts";

const scaleBody = z.strictObject({ service: z.string(), instances: z.int().min(0).max(10_000) });
const reloadBody = z.strictObject({ service: z.string().optional() });
const logQuery = z.strictObject({
  service: z.string().optional(),
  instance: z.string().optional(),
  lines: z.coerce.number().int().min(0).max(10_000).default(100),
  follow: z.stringbool().default(false),
});

type Env = { Bindings: HttpBindings };

/** The control API: JSON, and server-sent events for what goes on. Errors are `{ error: { code, message, fix } }`. */
export function createApi(platform: Controlled, policy: () => GuardPolicy): Hono<Env> {
  const api = new Hono<Env>();

  api.get("/livez", (c) => c.text("ok\n"));
  api.get("/readyz", async (c) => {
    const { state } = await platform.status();
    return c.text(`${state}\n`, state === "ready" ? 200 : 503);
  });

  api.use(async (c, next) => {
    const refusal = refusalOf(
      {
        host: c.req.header("host"),
        origin: c.req.header("origin"),
        secFetchSite: c.req.header("sec-fetch-site"),
        authorization: c.req.header("authorization"),
      },
      policy(),
    );
    if (refusal === undefined) return next();
    const { status, ...error } = refusal;
    return c.json({ error }, status, status === 401 ? { "WWW-Authenticate": "Bearer" } : {});
  });
  boundBodies(api);

  api.get("/", (c) => c.json({ paths: api.routes.filter(isEndpoint).map(({ method, path }) => `${method} ${path}`) }));

  api.get("/metrics", async (c) =>
    c.body(await platform.metrics(), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" }),
  );
  api.get("/api/status", async (c) => c.json(await platform.status()));
  api.get("/api/gateways", async (c) => c.json(Object.fromEntries(await platform.gatewayFigures())));
  api.get("/api/cache", async (c) => c.json(cacheReport((await platform.gatewayFigures()).values()) ?? null));
  api.get("/api/overload", async (c) => c.json(overloadReport((await platform.gatewayFigures()).values())));
  api.get("/api/config", (c) => c.json(platform.explain()));
  api.get("/api/events", (c) => {
    const subscribe = (listener: (event: PlatformEvent) => void): (() => void) => platform.onEvent(listener);
    sendEvents(c.env.outgoing, { type: "event", first: [], subscribe });
    return RESPONSE_ALREADY_SENT;
  });
  api.get("/api/logs", (c) => {
    const query = parse(logQuery, c.req.query()) as LogQuery;
    const first = platform.logs(query, query.lines);
    if (!query.follow) return c.json(first);
    const subscribe = (listener: (line: LogLine) => void): (() => void) => platform.onLog(query, listener);
    sendEvents(c.env.outgoing, { type: "line", first, subscribe });
    return RESPONSE_ALREADY_SENT;
  });
  api.post("/api/scale", async (c) => {
    const { service, instances } = parse(scaleBody, await json(c));
    await platform.scale(service, instances);
    return c.json(await platform.status());
  });
  api.post("/api/reload", async (c) => {
    await platform.reload(parse(reloadBody, await json(c)).service);
    return c.json(await platform.status());
  });
  addPurge(api, platform);
  addLimits(api, platform);
  api.post("/api/stop", async (c) => {
    await json(c);
    platform.requestStop();
    return c.json({ state: "stopping" }, 202);
  });

  answerFailures(api);
  return api;
}

function isEndpoint({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method !== "ALL" && path !== "/";
}
