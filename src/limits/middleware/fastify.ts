import type { Limits } from "../limits.ts";
import { decideAbout, type MiddlewareOptions } from "./middleware-options.ts";
import { joined, refusalOf } from "./refusal.ts";

/** What is asked of Fastify's request. */
export interface FastifyRequestLike {
  readonly ip: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly routeOptions: { readonly url?: string | undefined };
}

export interface FastifyReplyLike {
  getHeader(name: string): unknown;
  header(name: string, value: string): unknown;
  code(status: number): unknown;
  send(body: string): unknown;
}

export interface FastifyLike<Request> {
  addHook(name: "onRequest", hook: (request: Request, reply: FastifyReplyLike) => Promise<unknown>): unknown;
}

export type FastifyLimitPlugin<Request> = (fastify: FastifyLike<Request>) => Promise<void>;

/**
 * Limits in Fastify, as a plugin: of all routes of the instance that it is registered with, and of those within.
 *
 * @example
 * ```ts
 * await app.register(limitFastify(limits, { limit: "anonymous" }));
 * ```
 */
export function limitFastify<Name extends string, Request extends FastifyRequestLike = FastifyRequestLike>(
  limits: Limits<Name>,
  options: MiddlewareOptions<Request, Name>,
): FastifyLimitPlugin<Request> {
  const plugin: FastifyLimitPlugin<Request> = (fastify) => {
    fastify.addHook("onRequest", limit);
    return Promise.resolve();
  };
  // Else it would concern the plugin's own, empty scope alone. Fastify reads its marks by these symbols.
  return Object.assign(plugin, {
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "tenfold-limits",
  });

  async function limit(request: Request, reply: FastifyReplyLike): Promise<unknown> {
    const { ip, headers, routeOptions } = request;
    const ruling = await decideAbout(limits, options, request, { ip, headers, route: routeOptions.url ?? "/*" });
    if (ruling === undefined) return undefined;
    for (const [name, value] of Object.entries(ruling.headers())) {
      reply.header(name, name === "Retry-After" ? value : joined(reply.getHeader(name), value));
    }
    if (ruling.isAdmitted) return undefined;
    const { status, contentType, body } = refusalOf(ruling);
    reply.code(status);
    reply.header("Content-Type", contentType);
    reply.send(body);
    return reply;
  }
}
