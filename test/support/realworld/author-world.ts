import type { Client, User } from "./client.ts";

/** What an author and a fan have made of one article, and of themselves. */
export interface State {
  /** Which of the author's two names. */
  readonly name: 0 | 1;
  readonly bio: string;
  /** By the fan. */
  readonly isFollowed: boolean;
  readonly article: ArticleState | undefined;
}

export interface ArticleState {
  /** Which of its two titles, and so of its two slugs. */
  readonly title: 0 | 1;
  readonly description: string;
  readonly isTagged: boolean;
  /** By the fan. */
  readonly isFavoured: boolean;
  /** By the author, newest first. */
  readonly comments: readonly string[];
}

type Two = readonly [string, string];

/** An author, a fan, and the names by which the API knows what is theirs. Nobody else writes there. */
export interface World {
  readonly client: Client;
  readonly author: User;
  readonly fan: User;
  readonly usernames: Two;
  readonly titles: Two;
  readonly slugs: Two;
  readonly tag: string;
  /** Of comments, by their text. */
  readonly commentIds: Map<string, number>;
  /** Unlike any text before it. */
  nextText(): string;
}

export const initialState: State = { name: 0, bio: "", isFollowed: false, article: undefined };

export async function createWorld(client: Client, name: string): Promise<World> {
  const { unique } = client;
  let texts = 0;
  return {
    client,
    author: await client.register(`${name}-author`),
    fan: await client.register(`${name}-fan`),
    usernames: [`${name}-author-${unique}`, `${name}-writer-${unique}`],
    titles: [`Alpha ${name} ${unique}`, `Beta ${name} ${unique}`],
    slugs: [`alpha-${name}-${unique}`, `beta-${name}-${unique}`],
    tag: `tag-${name}-${unique}`,
    commentIds: new Map(),
    nextText: () => `text ${++texts}`,
  };
}

/** A request that changes something, and what is then. */
export interface Write {
  readonly name: string;
  readonly next: State;
  perform(): Promise<unknown>;
}

/** All that can be done next. */
export function writesFrom(world: World, state: State): Write[] {
  const { client, author, fan, usernames, titles, slugs, tag, commentIds } = world;
  const { token } = author;
  const text = world.nextText();
  const { article } = state;
  const other = (which: 0 | 1): 0 | 1 => (which === 0 ? 1 : 0);
  const put = (path: string, body: object) => () => client.expect(200, "PUT", path, { token, body });
  const toggle = (path: string, is: boolean) => () =>
    client.expect(200, is ? "DELETE" : "POST", path, { token: fan.token });

  const { name, isFollowed } = state;
  const writes: Write[] = [
    { name: "change the bio", next: { ...state, bio: text }, perform: put("/user", { user: { bio: text } }) },
    {
      name: "rename the author",
      next: { ...state, name: other(name) },
      perform: put("/user", { user: { username: usernames[other(name)] } }),
    },
    {
      name: isFollowed ? "unfollow" : "follow",
      next: { ...state, isFollowed: !isFollowed },
      perform: toggle(`/profiles/${usernames[name]}/follow`, isFollowed),
    },
  ];
  if (article === undefined) {
    const created = { title: 0, description: text, isTagged: true, isFavoured: false, comments: [] } as const;
    const body = { article: { title: titles[0], description: text, body: text, tagList: [tag] } };
    const perform = (): Promise<unknown> => client.expect(201, "POST", "/articles", { token, body });
    return [...writes, { name: "create the article", next: { ...state, article: created }, perform }];
  }

  const { title, isTagged, isFavoured, comments } = article;
  const path = `/articles/${slugs[title]}`;
  const change = (changed: Partial<ArticleState>): State => ({ ...state, article: { ...article, ...changed } });
  const [newest, ...older] = comments;
  writes.push(
    {
      name: "edit the article",
      next: change({ description: text }),
      perform: put(path, { article: { description: text, body: text } }),
    },
    {
      name: "give the article another title",
      next: change({ title: other(title) }),
      perform: put(path, { article: { title: titles[other(title)] } }),
    },
    {
      name: isTagged ? "take the tag off" : "tag the article",
      next: change({ isTagged: !isTagged }),
      perform: put(path, { article: { tagList: isTagged ? [] : [tag] } }),
    },
    {
      name: isFavoured ? "take the favourite back" : "favour the article",
      next: change({ isFavoured: !isFavoured }),
      perform: toggle(`${path}/favorite`, isFavoured),
    },
    {
      name: "comment",
      next: change({ comments: [text, ...comments] }),
      perform: async () => {
        const body = { comment: { body: text } };
        const { comment } = await client.expect(200, "POST", `${path}/comments`, { token, body });
        commentIds.set(text, comment.id);
      },
    },
    {
      name: "delete the article",
      next: { ...state, article: undefined },
      perform: () => client.expect(204, "DELETE", path, { token }),
    },
  );
  if (newest !== undefined) {
    writes.push({
      name: "delete a comment",
      next: change({ comments: older }),
      perform: () => client.expect(204, "DELETE", `${path}/comments/${commentIds.get(newest)}`, { token }),
    });
  }
  return writes;
}
