import replyFrom from "@fastify/reply-from";
import { fastify, type FastifyRequest } from "fastify";
import { type AddedFields, addedFields } from "./added-fields.ts";
import type { SubjectOptions } from "./protocol.ts";

const added = Symbol("added");
type Marked = FastifyRequest & { [added]?: AddedFields };

/** On undici, which its documentation calls the fastest, with no logger, and bodies passed on unread. */
export async function startReplyFrom({ port, upstreamPort }: SubjectOptions): Promise<void> {
  const app = fastify({ logger: false });
  await app.register(replyFrom, {
    base: `http://127.0.0.1:${upstreamPort}`,
    undici: { connections: 128, pipelining: 1, keepAliveTimeout: 60_000 },
    disableRequestLogging: true,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  app.all("/*", (request, reply) =>
    reply.from(request.raw.url, {
      rewriteRequestHeaders: (request, headers) => {
        const fields = addedFields(request.headers, request.ip, "reply-from");
        (request as Marked)[added] = fields;
        return { ...headers, host: request.headers.host, ...fields.toUpstream };
      },
      // What the origin says of its own connection is nothing to the client, who may want this one closed.
      rewriteHeaders: ({ connection: _, "keep-alive": __, ...headers }, request) => ({
        ...headers,
        ...(request as Marked)[added]!.toClient,
      }),
    }),
  );
  await app.listen({ port, host: "127.0.0.1" });
}
