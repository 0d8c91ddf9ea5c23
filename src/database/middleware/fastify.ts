import type { Database } from "../database.ts";
import { RequestSessions, type SessionOptions } from "./session-options.ts";

/** What is asked of Fastify's request. */
export interface FastifyRequestLike {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface FastifyReplyLike {
  header(name: string, value: string): unknown;
}

export interface FastifyLike {
  addHook(
    name: "onRequest",
    hook: (request: FastifyRequestLike, reply: FastifyReplyLike, done: () => void) => void,
  ): unknown;
  addHook(
    name: "onSend",
    hook: (request: FastifyRequestLike, reply: FastifyReplyLike, payload: unknown, done: () => void) => void,
  ): unknown;
}

/**
 * Each request is a session: it reads what it and its client's earlier requests have written. A plugin, of the instance that it is registered with.
 *
 * @example
 * ```ts
 * await app.register(sessionFastify(db));
 * ```
 */
export function sessionFastify(db: Database, options: SessionOptions = {}): (fastify: FastifyLike) => Promise<void> {
  const sessions = new RequestSessions(db, options);
  const plugin = (fastify: FastifyLike): Promise<void> => {
    fastify.addHook("onRequest", (request, _reply, done) => sessions.run(request.headers, done));
    fastify.addHook("onSend", (_request, reply, _payload, done) => {
      for (const [name, value] of Object.entries(sessions.fields())) reply.header(name, value);
      done();
    });
    return Promise.resolve();
  };
  // Else it would concern the plugin's own, empty scope alone. Fastify reads its marks by these symbols.
  return Object.assign(plugin, {
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "tenfold-database-session",
  });
}
