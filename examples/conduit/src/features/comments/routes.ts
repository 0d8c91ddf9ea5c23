import type { FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import type { Services } from "../../app.ts";
import { viewerOf } from "../../auth/authentication.ts";
import { notFound } from "../../errors.ts";
import { ArticleParams } from "../articles/schema.ts";
import { toComment } from "./comment-row.ts";
import { deleteComment } from "./delete-comment.ts";
import { insertComment } from "./insert-comment.ts";
import { listComments } from "./list-comments.ts";
import { CommentParams, CommentResponse, CommentsResponse, NewCommentRequest } from "./schema.ts";

/** What readers say about an article. */
export function commentRoutes({ db, authenticate }: Services): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get(
      "/articles/:slug/comments",
      { onRequest: authenticate.optional, schema: { params: ArticleParams, response: { 200: CommentsResponse } } },
      async (request) => {
        const comments = await listComments(db, request.params.slug, request.viewer);
        if (!comments) throw notFound("article");
        return { comments: comments.map(toComment) };
      },
    );

    app.post(
      "/articles/:slug/comments",
      {
        onRequest: authenticate.required,
        schema: { params: ArticleParams, body: NewCommentRequest, response: { 200: CommentResponse } },
      },
      async (request) => {
        const { body } = request.body.comment;
        const comment = await insertComment(db, request.params.slug, viewerOf(request), body);
        if (!comment) throw notFound("article");
        return { comment: toComment(comment) };
      },
    );

    app.delete(
      "/articles/:slug/comments/:id",
      { onRequest: authenticate.required, schema: { params: CommentParams } },
      async (request, reply) => {
        await deleteComment(db, request.params.slug, request.params.id, viewerOf(request));
        return reply.code(204).send();
      },
    );
    done();
  };
}
