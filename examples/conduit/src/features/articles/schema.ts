import { Type } from "@fastify/type-provider-typebox";
import { Text } from "../../validation.ts";
import { Profile } from "../profiles/schema.ts";

const Title = Text(255);
const Description = Text(2_000);
const Body = Text(100_000);
const TagList = Type.Array(Text(64), { maxItems: 32 });
const DateTime = Type.String({ format: "date-time" });

export const ArticleParams = Type.Object({ slug: Type.String() });

const Page = {
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
};
export const FeedQuery = Type.Object(Page);
export const ArticlesQuery = Type.Object({
  ...Page,
  tag: Type.Optional(Type.String()),
  author: Type.Optional(Type.String()),
  favorited: Type.Optional(Type.String()),
});

export const NewArticleRequest = Type.Object({
  article: Type.Object({ title: Title, description: Description, body: Body, tagList: Type.Optional(TagList) }),
});

export const UpdateArticleRequest = Type.Object({
  article: Type.Partial(Type.Object({ title: Title, description: Description, body: Body, tagList: TagList })),
});

/** A list shows everything of an article but its body. */
const listed = {
  slug: Type.String(),
  title: Type.String(),
  description: Type.String(),
  tagList: Type.Array(Type.String()),
  createdAt: DateTime,
  updatedAt: DateTime,
  favorited: Type.Boolean(),
  favoritesCount: Type.Integer(),
  author: Profile,
};
const { slug, title, description, ...rest } = listed;

export const ArticleResponse = Type.Object({
  article: Type.Object({ slug, title, description, body: Type.String(), ...rest }),
});
export const ArticlesResponse = Type.Object({
  articles: Type.Array(Type.Object(listed)),
  articlesCount: Type.Integer(),
});
