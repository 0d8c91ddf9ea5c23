import type { FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply } from "fastify";
import type { Services } from "../../app.ts";
import { viewerOf, type Viewer } from "../../auth/authentication.ts";
import { names } from "../../caching.ts";
import { toArticle } from "../articles/article-row.ts";
import { findArticle } from "../articles/find-article.ts";
import { ArticleParams, ArticleResponse } from "../articles/schema.ts";
import { addFavorite } from "./add-favorite.ts";
import { removeFavorite } from "./remove-favorite.ts";

/** What a user likes. */
export function favoriteRoutes({ db, authenticate, caching }: Services): FastifyPluginCallbackTypebox {
  const options = {
    onRequest: authenticate.required,
    schema: { params: ArticleParams, response: { 200: ArticleResponse } },
  };

  /** What was done to it changes its count, and who likes it. */
  async function showCounted(reply: FastifyReply, slug: string, viewer: Viewer) {
    const article = await findArticle(db, slug, viewer);
    caching.declareChanged(reply, [names.article(article.id), names.favorites]);
    return { article: toArticle(article) };
  }

  return (app, _options, done) => {
    app.post("/articles/:slug/favorite", options, async (request, reply) => {
      await addFavorite(db, viewerOf(request), request.params.slug);
      return showCounted(reply, request.params.slug, viewerOf(request));
    });

    app.delete("/articles/:slug/favorite", options, async (request, reply) => {
      await removeFavorite(db, viewerOf(request), request.params.slug);
      return showCounted(reply, request.params.slug, viewerOf(request));
    });
    done();
  };
}
