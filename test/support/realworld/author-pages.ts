import type { State, World } from "./author-world.ts";
import type { Article, Body, Profile } from "./client.ts";

export type Viewer = "stranger" | "author" | "fan";

/** A page of the API, as far as it shows a world: what somebody sees there, and what a state makes of it. */
export interface Page {
  readonly path: string;
  readonly viewer: Viewer;
  /** @returns plain data, to be compared with what is expected */
  see(status: number, body: Body): unknown;
  expect(state: State): unknown;
}

const missing = "404";

export function pagesOf(world: World): Page[] {
  const viewers: Viewer[] = ["stranger", "author", "fan"];
  return [...viewers.flatMap((viewer) => publicPages(world, viewer)), feedOf(world)];
}

function publicPages(world: World, viewer: Viewer): Page[] {
  const { usernames, slugs, tag, fan } = world;
  const article = (state: State): unknown => articleIn(world, state, viewer);
  const list = (query: string, isIn: (state: State) => boolean): Page => ({
    path: `/articles?${query}`,
    viewer,
    see: (_status, { articles, articlesCount }) => [articlesCount, ...articles.map(shown)],
    expect: (state) => (state.article !== undefined && isIn(state) ? [1, article(state)] : [0]),
  });
  const pages = ([0, 1] as const).flatMap((which): Page[] => [
    {
      path: `/articles/${slugs[which]}`,
      viewer,
      see: (status, body) => (status === 404 ? missing : shown(body.article)),
      expect: (state) => (state.article?.title === which ? article(state) : missing),
    },
    {
      path: `/articles/${slugs[which]}/comments`,
      viewer,
      see: (status, { comments }) =>
        status === 404 ? missing : comments.map(({ body, author }) => ({ body, author: person(author) })),
      expect: (state) =>
        state.article?.title === which
          ? state.article.comments.map((body) => ({ body, author: authorIn(world, state, viewer) }))
          : missing,
    },
    {
      path: `/profiles/${usernames[which]}`,
      viewer,
      see: (status, { profile }) => (status === 404 ? missing : person(profile)),
      expect: (state) => (state.name === which ? authorIn(world, state, viewer) : missing),
    },
    list(`author=${usernames[which]}`, ({ name }) => name === which),
  ]);
  return [
    ...pages,
    list(`tag=${tag}`, (state) => state.article!.isTagged),
    list(`favorited=${fan.username}`, (state) => state.article!.isFavoured),
    {
      path: "/articles?limit=50",
      viewer,
      see: (_status, { articles }) => articles.filter(({ slug }) => slugs.includes(slug)).map(shown),
      expect: (state) => (state.article === undefined ? [] : [article(state)]),
    },
    {
      path: "/tags",
      viewer,
      see: (_status, { tags }) => tags.includes(tag),
      expect: (state) => state.article?.isTagged === true,
    },
  ];
}

function feedOf(world: World): Page {
  return {
    path: "/articles/feed",
    viewer: "fan",
    see: (_status, { articles }) => articles.map(shown),
    expect: (state) => (state.isFollowed && state.article !== undefined ? [articleIn(world, state, "fan")] : []),
  };
}

function shown({ slug, title, description, tagList, favorited, favoritesCount, author }: Article): unknown {
  return { slug, title, description, tagList, favorited, favoritesCount, author: person(author) };
}

function person({ username, bio, following }: Profile): unknown {
  return { username, bio, following };
}

function articleIn(world: World, state: State, viewer: Viewer): unknown {
  const { title, description, isTagged, isFavoured } = state.article!;
  return {
    slug: world.slugs[title],
    title: world.titles[title],
    description,
    tagList: isTagged ? [world.tag] : [],
    favorited: viewer === "fan" && isFavoured,
    favoritesCount: Number(isFavoured),
    author: authorIn(world, state, viewer),
  };
}

function authorIn({ usernames }: World, { name, bio, isFollowed }: State, viewer: Viewer): unknown {
  return { username: usernames[name], bio, following: viewer === "fan" && isFollowed };
}
