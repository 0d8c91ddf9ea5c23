import type { FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import type { Services } from "../../app.ts";
import { viewerOf } from "../../auth/authentication.ts";
import { isBrownOut } from "../../brownout.ts";
import { names } from "../../caching.ts";
import { shownBy, toArticle, toListedArticle } from "./article-row.ts";
import { deleteArticle } from "./delete-article.ts";
import { findArticle } from "./find-article.ts";
import { insertArticle } from "./insert-article.ts";
import { listArticles, listArticlesUncounted, type ArticleList, type Page } from "./list-articles.ts";
import {
  ArticleParams,
  ArticleResponse,
  ArticlesQuery,
  ArticlesResponse,
  FeedQuery,
  NewArticleRequest,
  UpdateArticleRequest,
} from "./schema.ts";
import { updateArticle, type ArticleChange } from "./update-article.ts";

const defaultLimit = 20;
/** Asking for more is fine, and gets this many. */
const maxLimit = 100;

/** Articles, their lists, and the feed. */
export function articleRoutes({ db, authenticate, caching }: Services): FastifyPluginCallbackTypebox {
  const toPage = ({ limit = defaultLimit, offset = 0 }: Partial<Page>): Page => ({
    limit: Math.min(limit, maxLimit),
    offset,
  });

  const toResponse = ({ articles, total }: ArticleList) => ({
    articles: articles.map(toListedArticle),
    articlesCount: total,
  });

  return (app, _options, done) => {
    app.get(
      "/articles",
      {
        onRequest: authenticate.optional,
        schema: { querystring: ArticlesQuery, response: { 200: ArticlesResponse } },
      },
      async (request, reply) => {
        const { tag, author, favorited, ...page } = request.query;
        const filter = { tag, author, favorited };
        // What is less than it should be, nobody keeps.
        if (isBrownOut(request))
          return toResponse(await listArticlesUncounted(db, filter, toPage(page), request.viewer));
        const list = await listArticles(db, filter, toPage(page), request.viewer);
        const lists = favorited === undefined ? [names.articles] : [names.articles, names.favorites];
        caching.shareWithStrangers(request, reply, [...lists, ...list.articles.flatMap(shownBy)]);
        return toResponse(list);
      },
    );

    app.get(
      "/articles/feed",
      { onRequest: authenticate.required, schema: { querystring: FeedQuery, response: { 200: ArticlesResponse } } },
      async (request) => {
        const viewer = viewerOf(request);
        const list = isBrownOut(request) ? listArticlesUncounted : listArticles;
        return toResponse(await list(db, { followedBy: viewer }, toPage(request.query), viewer));
      },
    );

    app.get(
      "/articles/:slug",
      { onRequest: authenticate.optional, schema: { params: ArticleParams, response: { 200: ArticleResponse } } },
      async (request, reply) => {
        const article = await findArticle(db, request.params.slug, request.viewer);
        caching.shareWithStrangers(request, reply, shownBy(article));
        return { article: toArticle(article) };
      },
    );

    app.post(
      "/articles",
      { onRequest: authenticate.required, schema: { body: NewArticleRequest, response: { 201: ArticleResponse } } },
      async (request, reply) => {
        const { tagList = [], ...article } = request.body.article;
        const slug = await insertArticle(db, viewerOf(request), { ...article, tags: toTags(tagList) });
        // It moves every page of every list that it belongs to.
        caching.declareChanged(reply, [names.articles, ...(tagList.length > 0 ? [names.tags] : [])]);
        return reply.code(201).send({ article: toArticle(await findArticle(db, slug, viewerOf(request))) });
      },
    );

    app.put(
      "/articles/:slug",
      {
        onRequest: authenticate.required,
        schema: { params: ArticleParams, body: UpdateArticleRequest, response: { 200: ArticleResponse } },
      },
      async (request, reply) => {
        const { title, description, body, tagList } = request.body.article;
        const change: ArticleChange = {
          ...(title !== undefined && { title }),
          ...(description !== undefined && { description }),
          ...(body !== undefined && { body }),
          ...(tagList !== undefined && { tags: toTags(tagList) }),
        };
        const slug = await updateArticle(db, request.params.slug, viewerOf(request), change);
        const article = await findArticle(db, slug, viewerOf(request));
        caching.declareChanged(reply, [
          names.article(article.id),
          // There is nothing any more where it was.
          ...(slug === request.params.slug ? [] : [names.comments(article.id)]),
          ...(tagList === undefined ? [] : [names.articles, names.tags]),
        ]);
        return { article: toArticle(article) };
      },
    );

    app.delete(
      "/articles/:slug",
      { onRequest: authenticate.required, schema: { params: ArticleParams } },
      async (request, reply) => {
        const id = await deleteArticle(db, request.params.slug, viewerOf(request));
        caching.declareChanged(reply, [names.article(id), names.comments(id), names.articles, names.tags]);
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
