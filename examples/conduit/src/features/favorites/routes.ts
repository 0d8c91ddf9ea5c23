import type { FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import type { Services } from "../../app.ts";
import { viewerOf } from "../../auth/authentication.ts";
import { ArticleParams, ArticleResponse } from "../articles/schema.ts";
import { showArticle } from "../articles/show-article.ts";
import { addFavorite } from "./add-favorite.ts";
import { removeFavorite } from "./remove-favorite.ts";

/** What a user likes. */
export function favoriteRoutes({ db, authenticate }: Services): FastifyPluginCallbackTypebox {
  const options = {
    onRequest: authenticate.required,
    schema: { params: ArticleParams, response: { 200: ArticleResponse } },
  };

  return (app, _options, done) => {
    app.post("/articles/:slug/favorite", options, async (request) => {
      await addFavorite(db, viewerOf(request), request.params.slug);
      return showArticle(db, request.params.slug, viewerOf(request));
    });

    app.delete("/articles/:slug/favorite", options, async (request) => {
      await removeFavorite(db, viewerOf(request), request.params.slug);
      return showArticle(db, request.params.slug, viewerOf(request));
    });
    done();
  };
}
