import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import { messageOf, TenfoldError } from "../kernel/index.ts";
import { badRequest } from "./errors.ts";
import { type GuardPolicy, refusalOf } from "./guard.ts";
import type { Controlled, LogQuery } from "./controlled.ts";

const maxBodyBytes = 64 * 1024;
const heartbeatMs = 15_000;

const scaleBody = z.strictObject({ service: z.string(), instances: z.int().min(0).max(10_000) });
const reloadBody = z.strictObject({ service: z.string().optional() });
const logQuery = z.strictObject({
  service: z.string().optional(),
  instance: z.string().optional(),
  lines: z.coerce.number().int().min(0).max(10_000).default(100),
  follow: z.stringbool().default(false),
});

/** The control API: JSON, and server-sent events for what goes on. Errors are `{ error: { code, message, fix } }`. */
export function createApi(platform: Controlled, policy: () => GuardPolicy): Hono {
  const api = new Hono();

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
  api.use(bodyLimit({ maxSize: maxBodyBytes }));

  api.get("/metrics", async (c) =>
    c.body(await platform.metrics(), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" }),
  );
  api.get("/api/status", async (c) => c.json(await platform.status()));
  api.get("/api/config", (c) => c.json(platform.explain()));
  api.get("/api/events", (c) =>
    stream(c, (send, signal) => {
      signal.addEventListener(
        "abort",
        platform.onEvent((event) => send("event", event)),
      );
      return never(signal);
    }),
  );
  api.get("/api/logs", (c) => {
    const query = parse(logQuery, c.req.query()) as LogQuery;
    const last = platform.logs(query, query.lines);
    if (!query.follow) return c.json(last);
    return stream(c, (send, signal) => {
      for (const line of last) send("line", line);
      signal.addEventListener(
        "abort",
        platform.onLog(query, (line) => send("line", line)),
      );
      return never(signal);
    });
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
  api.post("/api/stop", async (c) => {
    await json(c);
    platform.requestStop();
    return c.json({ state: "stopping" }, 202);
  });

  api.notFound((c) => c.json({ error: { code: "CONTROL_NOT_FOUND", message: `nothing at ${c.req.path}` } }, 404));
  api.onError((error, c) => {
    if (!(error instanceof TenfoldError)) {
      return c.json({ error: { code: "CONTROL_INTERNAL", message: messageOf(error) } }, 500);
    }
    return c.json({ error }, error.code === "CONTROL_BAD_REQUEST" ? 400 : 409);
  });
  return api;
}

/** A JSON body is asked for by its type too: a web page's form cannot send that without asking first (CORS preflight). */
async function json(c: Context): Promise<unknown> {
  if (c.req.header("content-type")?.split(";")[0]?.trim() !== "application/json") {
    throw badRequest("the Content-Type must be application/json");
  }
  return c.req.json().catch(() => {
    throw badRequest("the body is not JSON");
  });
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw badRequest(z.prettifyError(result.error));
}

type Send = (event: string, data: unknown) => void;

function stream(c: Context, run: (send: Send, signal: AbortSignal) => Promise<void>): Response {
  return streamSSE(c, async (sse) => {
    const gone = new AbortController();
    sse.onAbort(() => gone.abort());
    // A reader that does not keep up is cut off: what waits for it here has a bound.
    let waiting = 0;
    const send: Send = (event, data) => {
      if (gone.signal.aborted) return;
      if (++waiting > 10_000) return gone.abort();
      void sse.writeSSE({ event, data: JSON.stringify(data) }).finally(() => waiting--);
    };
    const heartbeat = setInterval(() => send("heartbeat", {}), heartbeatMs);
    try {
      await run(send, gone.signal);
    } finally {
      clearInterval(heartbeat);
      gone.abort();
    }
  });
}

function never(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
