import type { Context } from "hono";
import { z } from "zod";
import { badRequest } from "./errors.ts";

/** A JSON body is asked for by its type too: a web page's form cannot send that without asking first (CORS preflight). */
export async function json(c: Context): Promise<unknown> {
  if (c.req.header("content-type")?.split(";")[0]?.trim() !== "application/json") {
    throw badRequest("the Content-Type must be application/json");
  }
  return c.req.json().catch(() => {
    throw badRequest("the body is not JSON");
  });
}

/** @throws CONTROL_BAD_REQUEST */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw badRequest(z.prettifyError(result.error));
}
