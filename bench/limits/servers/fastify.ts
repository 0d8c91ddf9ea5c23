import rateLimit from "@fastify/rate-limit";
import { fastify } from "fastify";
import { smallAnswer } from "../../gateway/origin.ts";
import { ample, refusing, type StartedServer } from "./protocol.ts";

/** A service that answers what the origin behind the gateway does, with or without the limits of its framework, in memory. */
export async function startFastify({ port, limit }: StartedServer): Promise<void> {
  const app = fastify({ logger: false });
  if (limit !== "none") {
    const { count, windowMs } = limit === "refusing" ? refusing : ample;
    await app.register(rateLimit, { max: count, timeWindow: windowMs });
  }
  const answer = JSON.parse(smallAnswer) as unknown;
  app.get("/*", () => Promise.resolve(answer));
  await app.listen({ port, host: "127.0.0.1" });
}
