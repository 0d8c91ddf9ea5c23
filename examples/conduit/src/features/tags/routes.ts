import { Type, type FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import type { Services } from "../../app.ts";
import { listTags } from "./list-tags.ts";

const TagsResponse = Type.Object({ tags: Type.Array(Type.String()) });

export function tagRoutes({ db }: Services): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get("/tags", { schema: { response: { 200: TagsResponse } } }, async () => ({ tags: await listTags(db) }));
    done();
  };
}
