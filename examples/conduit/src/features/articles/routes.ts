import type { FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import type { Services } from "../../app.ts";
import { viewerOf, type Viewer } from "../../auth/authentication.ts";
import { toListedArticle } from "./article-row.ts";
import { deleteArticle } from "./delete-article.ts";
import { insertArticle } from "./insert-article.ts";
import { listArticles, type Page } from "./list-articles.ts";
import type { ArticleFilter } from "./matching-articles.ts";
import {
  ArticleParams,
  ArticleResponse,
  ArticlesQuery,
  ArticlesResponse,
  FeedQuery,
  NewArticleRequest,
  UpdateArticleRequest,
} from "./schema.ts";
import { showArticle } from "./show-article.ts";
import { updateArticle, type ArticleChange } from "./update-article.ts";

const defaultLimit = 20;
/** Asking for more is fine, and gets this many. */
const maxLimit = 100;

/** Articles, their lists, and the feed. */
export function articleRoutes({ db, authenticate }: Services): FastifyPluginCallbackTypebox {
  const toPage = ({ limit = defaultLimit, offset = 0 }: Partial<Page>): Page => ({
    limit: Math.min(limit, maxLimit),
    offset,
  });

  async function articlesOf(filter: ArticleFilter, page: Page, viewer: Viewer) {
    const { articles, total } = await listArticles(db, filter, page, viewer);
    return { articles: articles.map(toListedArticle), articlesCount: total };
  }

  return (app, _options, done) => {
    app.get(
      "/articles",
      {
        onRequest: authenticate.optional,
        schema: { querystring: ArticlesQuery, response: { 200: ArticlesResponse } },
      },
      async ({ query: { tag, author, favorited, ...page }, viewer }) =>
        articlesOf({ tag, author, favorited }, toPage(page), viewer),
    );

    app.get(
      "/articles/feed",
      { onRequest: authenticate.required, schema: { querystring: FeedQuery, response: { 200: ArticlesResponse } } },
      async (request) => {
        const viewer = viewerOf(request);
        return articlesOf({ followedBy: viewer }, toPage(request.query), viewer);
      },
    );

    app.get(
      "/articles/:slug",
      { onRequest: authenticate.optional, schema: { params: ArticleParams, response: { 200: ArticleResponse } } },
      async (request) => showArticle(db, request.params.slug, request.viewer),
    );

    app.post(
      "/articles",
      { onRequest: authenticate.required, schema: { body: NewArticleRequest, response: { 201: ArticleResponse } } },
      async (request, reply) => {
        const { tagList = [], ...article } = request.body.article;
        const slug = await insertArticle(db, viewerOf(request), { ...article, tags: toTags(tagList) });
        return reply.code(201).send(await showArticle(db, slug, viewerOf(request)));
      },
    );

    app.put(
      "/articles/:slug",
      {
        onRequest: authenticate.required,
        schema: { params: ArticleParams, body: UpdateArticleRequest, response: { 200: ArticleResponse } },
      },
      async (request) => {
        const { title, description, body, tagList } = request.body.article;
        const change: ArticleChange = {
          ...(title !== undefined && { title }),
          ...(description !== undefined && { description }),
          ...(body !== undefined && { body }),
          ...(tagList !== undefined && { tags: toTags(tagList) }),
        };
        const slug = await updateArticle(db, request.params.slug, viewerOf(request), change);
        return showArticle(db, slug, viewerOf(request));
      },
    );

    app.delete(
      "/articles/:slug",
      { onRequest: authenticate.required, schema: { params: ArticleParams } },
      async (request, reply) => {
        await deleteArticle(db, request.params.slug, viewerOf(request));
        return reply.code(204).send();
      },
    );
    done();
  };
}

/** Each tag once; they are shown in alphabetical order. */
function toTags(given: readonly string[]): string[] {
  return [...new Set(given.map((tag) => tag.trim()))];
}
