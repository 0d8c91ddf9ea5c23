import type { Database } from "../database.ts";
import { RequestSessions, type SessionOptions } from "./session-options.ts";

/** What is asked of Hono's context. */
export interface HonoContextLike {
  readonly req: { header(): Record<string, string> };
  header(name: string, value: string, options?: { append?: boolean }): void;
}

/**
 * Each request is a session: it reads what it and its client's earlier requests have written.
 *
 * @example
 * ```ts
 * app.use(sessionHono(db));
 * ```
 */
export function sessionHono(
  db: Database,
  options: SessionOptions = {},
): (context: HonoContextLike, next: () => Promise<void>) => Promise<void> {
  const sessions = new RequestSessions(db, options);
  return (context, next) =>
    sessions.run(context.req.header(), async () => {
      await next();
      for (const [name, value] of Object.entries(sessions.fields())) context.header(name, value, { append: true });
    });
}
