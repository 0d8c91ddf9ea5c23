import type { FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import type { Services } from "../../app.ts";
import { viewerOf } from "../../auth/authentication.ts";
import { names } from "../../caching.ts";
import { hashPassword, verifyPassword } from "../../auth/password.ts";
import { credentialsInvalid, tokenInvalid } from "../../errors.ts";
import { findCredentials } from "./find-credentials.ts";
import { findUser } from "./find-user.ts";
import { insertUser } from "./insert-user.ts";
import { LoginRequest, NewUserRequest, UpdateUserRequest, UserResponse } from "./schema.ts";
import { updateUser, type UserChange } from "./update-user.ts";
import type { UserRow } from "./user-row.ts";

/** Registering, signing in, and one's own account. */
export function userRoutes({ db, tokens, authenticate, caching }: Services): FastifyPluginCallbackTypebox {
  const toUser = async ({ id, email, username, bio, image }: UserRow) => ({
    user: { email, token: await tokens.sign(id), username, bio, image },
  });

  return (app, _options, done) => {
    app.post(
      "/users",
      { schema: { body: NewUserRequest, response: { 201: UserResponse } } },
      async (request, reply) => {
        const { username, email, password } = request.body.user;
        const user = await insertUser(db, { username, email, password_hash: await hashPassword(password) });
        return reply.code(201).send(await toUser(user));
      },
    );

    app.post("/users/login", { schema: { body: LoginRequest, response: { 200: UserResponse } } }, async (request) => {
      const { email, password } = request.body.user;
      const user = await findCredentials(db, email);
      const isRight = await verifyPassword(password, user?.password_hash);
      if (!user || !isRight) throw credentialsInvalid();
      return toUser(user);
    });

    app.get(
      "/user",
      { onRequest: authenticate.required, schema: { response: { 200: UserResponse } } },
      async (request) => {
        const user = await findUser(db, viewerOf(request));
        if (!user) throw tokenInvalid();
        return toUser(user);
      },
    );

    app.put(
      "/user",
      { onRequest: authenticate.required, schema: { body: UpdateUserRequest, response: { 200: UserResponse } } },
      async (request, reply) => {
        const { username, email, password, bio, image } = request.body.user;
        const change: UserChange = {
          ...(username !== undefined && { username }),
          ...(email !== undefined && { email }),
          ...(bio !== undefined && { bio: bio ?? "" }),
          ...(image !== undefined && { image: image ?? "" }),
          ...(password !== undefined && { password_hash: await hashPassword(password) }),
        };
        const user = await updateUser(db, viewerOf(request), change);
        if (!user) throw tokenInvalid();
        // Lists are asked for by names of authors, also those that had none yet.
        caching.declareChanged(reply, [names.user(user.id), ...(username === undefined ? [] : [names.articles])]);
        return toUser(user);
      },
    );
    done();
  };
}
