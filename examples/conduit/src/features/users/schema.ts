import { Type } from "@fastify/type-provider-typebox";
import { Email, Text } from "../../validation.ts";

const Username = Text(64);
const Password = Type.String({ minLength: 1, maxLength: 1_024 });
/** `null` clears, as an empty text does. */
const Bio = Type.Union([Type.String({ maxLength: 2_000 }), Type.Null()]);
const Image = Type.Union([Type.String({ maxLength: 2_048 }), Type.Null()]);

export const LoginRequest = Type.Object({
  user: Type.Object({
    email: Type.String({ minLength: 1 }),
    password: Type.String({ minLength: 1 }),
  }),
});

export const NewUserRequest = Type.Object({
  user: Type.Object({ username: Username, email: Email, password: Password }),
});

export const UpdateUserRequest = Type.Object({
  user: Type.Partial(Type.Object({ email: Email, password: Password, username: Username, bio: Bio, image: Image }), {
    minProperties: 1,
  }),
});

export const UserResponse = Type.Object({
  user: Type.Object({
    email: Type.String(),
    token: Type.String(),
    username: Type.String(),
    bio: Type.String(),
    image: Type.String(),
  }),
});
