import assert from "node:assert/strict";

/** Everything that answers hold; which part is there, each step asserts by reading it. */
export interface Body {
  readonly user: User;
  readonly profile: Profile;
  readonly article: Article;
  readonly articles: Article[];
  readonly articlesCount: number;
  readonly comment: Comment;
  readonly comments: Comment[];
  readonly tags: string[];
  readonly errors: Record<string, string[]>;
}

export interface User {
  readonly username: string;
  readonly email: string;
  readonly bio: string;
  readonly image: string;
  readonly token: string;
}

export interface Profile {
  readonly username: string;
  readonly bio: string;
  readonly image: string;
  readonly following: boolean;
}

export interface Article {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly body?: string;
  readonly tagList: string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly favorited: boolean;
  readonly favoritesCount: number;
  readonly author: Profile;
}

export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly author: Profile;
}

export interface Call {
  readonly token?: string;
  /** Sent as JSON; text is sent as it is. */
  readonly body?: unknown;
}

const timeoutMs = 60_000;

/** One visitor of the API, and the steps' way to ask and to insist on an answer. */
export interface Client {
  /** Unlike that of any other walk, so that walks can run side by side and on a database that is full already. */
  readonly unique: string;
  /** Whatever comes of it. */
  ask(method: string, path: string, call?: Call): Promise<Response>;
  /** Asks, insists on the status, and returns the body; `undefined` for 204. */
  expect(status: number, method: string, path: string, call?: Call): Promise<Body>;
  /** Asks, and insists on an error: its status, the named problems exactly, and the specification's `errors.body`. */
  refuse(status: number, problems: Record<string, string[]>, method: string, path: string, call?: Call): Promise<void>;
  /** Registers somebody new. */
  register(name: string): Promise<User>;
}

export function createClient(baseUrl: string): Client {
  const unique = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;

  async function ask(method: string, path: string, { token, body }: Call = {}): Promise<Response> {
    return fetch(new URL(`/api${path}`, baseUrl), {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Token ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  }

  const client: Client = {
    unique,
    ask,

    async expect(status, method, path, call) {
      const answer = await ask(method, path, call);
      const text = await answer.text();
      assert.equal(answer.status, status, `${method} ${path} answered ${answer.status}: ${text}`);
      if (status === 204) {
        assert.equal(text, "", `${method} ${path} answered 204 with a body`);
        return undefined as never;
      }
      assert.match(answer.headers.get("content-type") ?? "", /^application\/json\b/, `${method} ${path}`);
      return JSON.parse(text) as Body;
    },

    async refuse(status, problems, method, path, call) {
      const { errors } = await client.expect(status, method, path, call);
      for (const [name, messages] of Object.entries(problems)) {
        assert.deepEqual(errors[name], messages, `${method} ${path}: errors.${name} of ${JSON.stringify(errors)}`);
      }
      assert.ok(
        Array.isArray(errors["body"]) && errors["body"].length > 0,
        `${method} ${path}: errors.body is missing`,
      );
      for (const sentence of errors["body"]) assert.equal(typeof sentence, "string");
    },

    async register(name) {
      const username = `${name}-${unique}`;
      const user = { username, email: `${username}@example.com`, password: `secret of ${name}` };
      return (await client.expect(201, "POST", "/users", { body: { user } })).user;
    },
  };
  return client;
}
