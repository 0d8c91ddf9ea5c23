import type { Env, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { messageOf, TenfoldError } from "../kernel/index.ts";
import { bodyTooLarge, nothingThere } from "./errors.ts";

const maxBodyBytes = 64 * 1024;
/** What the caller can put right by asking for something else. The rest is the platform's state, or its failure. */
const wrongRequests = new Set([
  "CONTROL_BAD_REQUEST",
  "CACHE_PURGE_INVALID",
  "LIMIT_CHANGE_INVALID",
  "LIMIT_CHANGE_UNKNOWN",
  "LIMIT_CHANGE_AMBIGUOUS",
]);

/** Bodies are bounded, before anything else reads them. */
export function boundBodies<E extends Env>(api: Hono<E>): void {
  api.use(bodyLimit({ maxSize: maxBodyBytes, onError: (c) => c.json({ error: bodyTooLarge(maxBodyBytes) }, 413) }));
}

/** What is refused or fails is answered `{ error: { code, message, fix } }`. */
export function answerFailures<E extends Env>(api: Hono<E>): void {
  api.notFound((c) => c.json({ error: nothingThere(c.req.method, c.req.path) }, 404));
  api.onError((error, c) => {
    if (!(error instanceof TenfoldError)) {
      return c.json({ error: { code: "CONTROL_INTERNAL", message: messageOf(error) } }, 500);
    }
    return c.json({ error }, wrongRequests.has(error.code) ? 400 : 409);
  });
}
