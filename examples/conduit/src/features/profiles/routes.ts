import type { FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import type { Services } from "../../app.ts";
import { viewerOf, type Viewer } from "../../auth/authentication.ts";
import { names } from "../../caching.ts";
import { notFound } from "../../errors.ts";
import { findProfile, type ProfileRow } from "./find-profile.ts";
import { followUser } from "./follow-user.ts";
import { ProfileParams, ProfileResponse } from "./schema.ts";
import { unfollowUser } from "./unfollow-user.ts";

/** Other users, and whom one follows. */
export function profileRoutes({ db, authenticate, caching }: Services): FastifyPluginCallbackTypebox {
  const schema = { params: ProfileParams, response: { 200: ProfileResponse } };

  async function profileOf(username: string, viewer: Viewer): Promise<{ profile: ProfileRow }> {
    const profile = await findProfile(db, username, viewer);
    if (!profile) throw notFound("profile");
    return { profile };
  }

  return (app, _options, done) => {
    app.get("/profiles/:username", { onRequest: authenticate.optional, schema }, async (request, reply) => {
      const found = await profileOf(request.params.username, request.viewer);
      caching.shareWithStrangers(request, reply, [names.user(found.profile.id)]);
      return found;
    });

    // Whom one follows only oneself is shown: nothing that is shared changes.

    app.post("/profiles/:username/follow", { onRequest: authenticate.required, schema }, async (request) => {
      await followUser(db, viewerOf(request), request.params.username);
      return profileOf(request.params.username, viewerOf(request));
    });

    app.delete("/profiles/:username/follow", { onRequest: authenticate.required, schema }, async (request) => {
      await unfollowUser(db, viewerOf(request), request.params.username);
      return profileOf(request.params.username, viewerOf(request));
    });
    done();
  };
}
