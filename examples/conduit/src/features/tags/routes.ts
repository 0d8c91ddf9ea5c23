import { Type, type FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import type { Services } from "../../app.ts";
import { names } from "../../caching.ts";
import { listTags } from "./list-tags.ts";

const TagsResponse = Type.Object({ tags: Type.Array(Type.String()) });

export function tagRoutes({ db, caching }: Services): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get("/tags", { schema: { response: { 200: TagsResponse } } }, async (_request, reply) => {
      const tags = await listTags(db);
      caching.shareWithAll(reply, [names.tags]);
      return { tags };
    });
    done();
  };
}
