import { Type } from "@fastify/type-provider-typebox";

export const ProfileParams = Type.Object({ username: Type.String() });

export const Profile = Type.Object({
  username: Type.String(),
  bio: Type.String(),
  image: Type.String(),
  following: Type.Boolean(),
});

export const ProfileResponse = Type.Object({ profile: Profile });
