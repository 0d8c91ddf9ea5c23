import { Type } from "@fastify/type-provider-typebox";
import { Text } from "../../validation.ts";
import { Profile } from "../profiles/schema.ts";

export const CommentParams = Type.Object({
  slug: Type.String(),
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
});

export const NewCommentRequest = Type.Object({ comment: Type.Object({ body: Text(10_000) }) });

const Comment = Type.Object({
  id: Type.Integer(),
  createdAt: Type.String({ format: "date-time" }),
  updatedAt: Type.String({ format: "date-time" }),
  body: Type.String(),
  author: Profile,
});

export const CommentResponse = Type.Object({ comment: Comment });
export const CommentsResponse = Type.Object({ comments: Type.Array(Comment) });
