import type { FastifyRequest } from "fastify";

/**
 * Under pressure the gateway asks for less work, of the routes that tenfold.config.ts marks with `brownout`: what only makes an answer nicer is left out, so that
 * more people get one. Clients cannot ask for it through the gateway.
 */
export function isBrownOut(request: FastifyRequest): boolean {
  return request.headers["x-tenfold-brownout"] === "1";
}
