import type { Limits } from "../limits.ts";
import { decideAbout, type MiddlewareOptions } from "./middleware-options.ts";
import { refusalOf } from "./refusal.ts";

/** What is asked of Hono's context. */
export interface HonoContextLike {
  readonly env: unknown;
  readonly req: {
    readonly routePath: string;
    header(name: string): string | undefined;
    header(): Record<string, string>;
  };
  header(name: string, value: string, options?: { append?: boolean }): void;
  body(data: string, status: 429 | 503, headers: Record<string, string>): Response;
}

export type HonoMiddleware<Context> = (context: Context, next: () => Promise<void>) => Promise<Response | undefined>;

/**
 * Limits in Hono. The client's address is known from the Node server; elsewhere, and behind a proxy, say it with `ip`.
 *
 * @example
 * ```ts
 * app.use("/api/*", limitHono(limits, { limit: "api", ip: (c) => c.req.header("cf-connecting-ip") }));
 * ```
 */
export function limitHono<Name extends string, Context extends HonoContextLike = HonoContextLike>(
  limits: Limits<Name>,
  options: MiddlewareOptions<Context, Name>,
): HonoMiddleware<Context> {
  return async (context, next) => {
    const { env, req } = context;
    const found = { ip: remoteAddress(env), headers: req.header(), route: req.routePath };
    const ruling = await decideAbout(limits, options, context, found);
    for (const [name, value] of Object.entries(ruling?.headers() ?? {})) context.header(name, value, { append: true });
    if (ruling === undefined || ruling.isAdmitted) {
      await next();
      return undefined;
    }
    const { status, contentType, body } = refusalOf(ruling);
    return context.body(body, status, { "Content-Type": contentType });
  };
}

/** As @hono/node-server hands it on, also within another server. */
function remoteAddress(env: unknown): string | undefined {
  const { server, incoming = server?.incoming } = (env ?? {}) as NodeBindings & { server?: NodeBindings };
  return incoming?.socket?.remoteAddress;
}

interface NodeBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
}
