import type { FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import type { Services } from "../../app.ts";
import { viewerOf } from "../../auth/authentication.ts";
import { names } from "../../caching.ts";
import { notFound } from "../../errors.ts";
import { ArticleParams } from "../articles/schema.ts";
import { toComment } from "./comment-row.ts";
import { deleteComment } from "./delete-comment.ts";
import { insertComment } from "./insert-comment.ts";
import { listComments } from "./list-comments.ts";
import { CommentParams, CommentResponse, CommentsResponse, NewCommentRequest } from "./schema.ts";

/** What readers say about an article. */
export function commentRoutes({ db, authenticate, caching }: Services): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get(
      "/articles/:slug/comments",
      { onRequest: authenticate.optional, schema: { params: ArticleParams, response: { 200: CommentsResponse } } },
      async (request, reply) => {
        const list = await listComments(db, request.params.slug, request.viewer);
        if (!list) throw notFound("article");
        const authors = list.comments.map(({ author_id }) => names.user(author_id));
        caching.shareWithStrangers(request, reply, [names.comments(list.articleId), ...authors]);
        return { comments: list.comments.map(toComment) };
      },
    );

    app.post(
      "/articles/:slug/comments",
      {
        onRequest: authenticate.required,
        schema: { params: ArticleParams, body: NewCommentRequest, response: { 200: CommentResponse } },
      },
      async (request, reply) => {
        const { body } = request.body.comment;
        const comment = await insertComment(db, request.params.slug, viewerOf(request), body);
        if (!comment) throw notFound("article");
        caching.declareChanged(reply, [names.comments(comment.article_id)]);
        return { comment: toComment(comment) };
      },
    );

    app.delete(
      "/articles/:slug/comments/:id",
      { onRequest: authenticate.required, schema: { params: CommentParams } },
      async (request, reply) => {
        const articleId = await deleteComment(db, request.params.slug, request.params.id, viewerOf(request));
        caching.declareChanged(reply, [names.comments(articleId)]);
        return reply.code(204).send();
      },
    );
    done();
  };
}
