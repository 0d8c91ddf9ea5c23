import assert from "node:assert/strict";
import type { Client, User } from "./client.ts";

/** Register, sign in, read and change one's own account, and everything that must be refused on the way. */
export async function walkAccounts(client: Client): Promise<void> {
  const user = await client.register("anna");
  assert.deepEqual(user, {
    username: `anna-${client.unique}`,
    email: `anna-${client.unique}@example.com`,
    bio: "",
    image: "",
    token: user.token,
  });
  assert.match(user.token, /^[\w-]+\.[\w-]+\.[\w-]+$/);

  await registrationIsChecked(client, user);
  await signingIn(client, user);
  await tokensAreChecked(client, user);
  await changing(client, user);
}

async function registrationIsChecked(client: Client, existing: User): Promise<void> {
  const good = { username: `bert-${client.unique}`, email: `bert-${client.unique}@example.com`, password: "secret" };
  const refuse = (user: unknown, problems: Record<string, string[]>): Promise<void> =>
    client.refuse(422, problems, "POST", "/users", { body: { user } });

  for (const field of ["username", "email", "password"] as const) {
    await refuse({ ...good, [field]: "" }, { [field]: ["can't be blank"] });
    const { [field]: _, ...without } = good;
    await refuse(without, { [field]: ["can't be blank"] });
  }
  await refuse({ ...good, email: "not an address" }, { email: ["is invalid"] });
  await refuse({ ...good, username: existing.username }, { username: ["has already been taken"] });
  await refuse({ ...good, email: existing.email }, { email: ["has already been taken"] });
  await client.refuse(422, { user: ["can't be blank"] }, "POST", "/users", { body: {} });
  await client.refuse(422, { body: ["is not valid JSON"] }, "POST", "/users", { body: '{"user":' });
  await client.refuse(422, {}, "POST", "/users");
}

async function signingIn(client: Client, { username, email }: User): Promise<void> {
  const signIn = { email, password: "secret of anna" };
  const { user } = await client.expect(200, "POST", "/users/login", { body: { user: signIn } });
  assert.equal(user.username, username);
  assert.equal((await client.expect(200, "GET", "/user", { token: user.token })).user.email, email);

  const refuse = (status: number, problems: Record<string, string[]>, change: object): Promise<void> =>
    client.refuse(status, problems, "POST", "/users/login", { body: { user: { ...signIn, ...change } } });
  await refuse(401, { credentials: ["invalid"] }, { password: "wrong" });
  await refuse(401, { credentials: ["invalid"] }, { email: `nobody-${client.unique}@example.com` });
  await refuse(422, { email: ["can't be blank"] }, { email: "" });
  await refuse(422, { password: ["can't be blank"] }, { password: "" });
}

/** Before anything else about a request is looked at. */
async function tokensAreChecked(client: Client, { token }: User): Promise<void> {
  const guarded = [
    ["GET", "/user"],
    ["PUT", "/user"],
    ["GET", "/articles/feed"],
    ["POST", "/articles"],
    ["PUT", "/articles/no-such-article"],
    ["DELETE", "/articles/no-such-article"],
    ["POST", "/articles/no-such-article/favorite"],
    ["DELETE", "/articles/no-such-article/favorite"],
    ["POST", "/articles/no-such-article/comments"],
    ["DELETE", "/articles/no-such-article/comments/1"],
    ["POST", "/profiles/nobody/follow"],
    ["DELETE", "/profiles/nobody/follow"],
  ] as const;
  for (const [method, path] of guarded) await client.refuse(401, { token: ["is missing"] }, method, path);
  const forged = `${token.slice(0, -4)}AAAA`;
  for (const bad of [forged, "no.token.atall", "nonsense"]) {
    await client.refuse(401, { token: ["is invalid"] }, "GET", "/user", { token: bad });
  }
}

async function changing(client: Client, before: User): Promise<void> {
  const { token } = before;
  const change = async (user: object): Promise<User> =>
    (await client.expect(200, "PUT", "/user", { token, body: { user } })).user;

  const changed = await change({ bio: "I like walks", image: "https://example.com/anna.png" });
  const expected = { ...before, bio: "I like walks", image: "https://example.com/anna.png" };
  assert.deepEqual({ ...changed, token }, expected);
  assert.deepEqual({ ...(await client.expect(200, "GET", "/user", { token })).user, token }, expected);
  assert.equal((await change({ bio: "" })).bio, "");
  assert.equal((await change({ image: null })).image, "");

  const username = `anna-the-second-${client.unique}`;
  const renamed = await change({ username, email: `${username}@example.com`, password: "a new secret" });
  assert.equal(renamed.username, username);
  const signIn = { email: renamed.email, password: "a new secret" };
  assert.equal((await client.expect(200, "POST", "/users/login", { body: { user: signIn } })).user.username, username);

  const other = await client.register("carla");
  const refuse = (user: object, problems: Record<string, string[]>): Promise<void> =>
    client.refuse(422, problems, "PUT", "/user", { token, body: { user } });
  await refuse({ username: other.username }, { username: ["has already been taken"] });
  await refuse({ email: other.email }, { email: ["has already been taken"] });
  await refuse({ username: "" }, { username: ["can't be blank"] });
  await refuse({ email: "" }, { email: ["can't be blank"] });
  await refuse({ email: null }, {});
  await refuse({}, { user: ["can't be blank"] });
}
