import type { FastifyPluginCallback } from "fastify";

/** Whether this instance can take requests, asked afresh each time. Rejects with the reason when it cannot. */
export type ReadinessCheck = () => Promise<void>;

/**
 * `/livez`: the process answers. `/readyz`: it can also do its work. An instance that is shutting down still serves
 * what reaches it but calls itself unready, so that whoever balances stops sending.
 */
export function healthRoutes(check: ReadinessCheck): FastifyPluginCallback {
  return (app, _options, done) => {
    let isDraining = false;
    app.addHook("preClose", (closed) => {
      isDraining = true;
      closed();
    });

    app.get("/livez", () => ({ status: "live" }));
    app.get("/readyz", async (_request, reply) => {
      reply.header("cache-control", "no-store");
      if (isDraining) return reply.code(503).send({ status: "draining" });
      try {
        await check();
        return { status: "ready" };
      } catch (error) {
        return reply.code(503).send({ status: "unready", reason: (error as Error).message });
      }
    });
    done();
  };
}
