/**
 * What caches may do with the answers, said in HTTP and nothing else.
 *
 * - What is the same for everybody who is not signed in is kept by shared caches (CDN-Cache-Control, RFC 9213), and told apart from what others
 *   see by `Vary: Authorization`. Browsers ask each time, by ETag: nobody can tell them of a change.
 * - Each such answer names what it shows (Cache-Groups, RFC 9875; Cache-Tag, the same for people who purge). Each change names what it has
 *   changed (Cache-Group-Invalidation), and a cache that it passes through lets go of these answers before whoever made the change knows that
 *   it is done. How long answers are fresh is what remains for changes that a cache did not hear of.
 * - Everything else is for one user, or for nobody, to keep.
 */
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** What answers show. Ids, which are short, and stay the same when a title or a name changes. */
export const names = {
  /** Which articles there are, and in which lists: of a tag, of an author. */
  articles: "articles",
  /** Whose favourites they are. */
  favorites: "favorites",
  tags: "tags",
  article: (id: number) => `article:${id}`,
  comments: (articleId: number) => `comments:${articleId}`,
  user: (id: number) => `user:${id}`,
} as const;

export interface Caching {
  /** The answer is the same for all, whoever asks. */
  shareWithAll(reply: FastifyReply, shown: readonly string[]): void;
  /** The answer is the same for all who are not signed in, if the viewer is one of these. */
  shareWithStrangers(request: FastifyRequest, reply: FastifyReply, shown: readonly string[]): void;
  /** Answers that show any of these are out of date. */
  declareChanged(reply: FastifyReply, changed: readonly string[]): void;
}

/** Names that a cache does not look at would let it miss a change, so an answer that shows more is not shared. Tenfold's looks at 256, both fields together. */
const maxNames = 128;
const staleIfErrorSeconds = 300;

/** @param seconds for which shared caches may give an answer without asking; and for as long again while they ask behind their client's back. */
export function createCaching(seconds: number): Caching {
  const forCaches = `public, max-age=${seconds}, stale-while-revalidate=${seconds}, stale-if-error=${staleIfErrorSeconds}`;

  function shareWithAll(reply: FastifyReply, shown: readonly string[]): void {
    const distinct = [...new Set(shown)];
    if (distinct.length > maxNames) return;
    reply.headers({
      "cache-control": "public, no-cache",
      "cdn-cache-control": forCaches,
      "cache-groups": toList(distinct),
      "cache-tag": distinct.join(", "),
    });
  }

  return {
    shareWithAll,
    shareWithStrangers(request, reply, shown) {
      reply.header("vary", "authorization");
      if (request.viewer === undefined) shareWithAll(reply, shown);
      else reply.header("cache-control", "private, no-cache");
    },
    declareChanged: (reply, changed) => void reply.header("cache-group-invalidation", toList(changed)),
  };
}

/** What says nothing is not kept; what may be kept can be asked about. */
export function addCachingDefaults(app: FastifyInstance): void {
  app.addHook("onSend", (request, reply, payload, done) => {
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
    else if (reply.statusCode === 200 && typeof payload === "string") {
      const etag = `"${createHash("sha1").update(payload).digest("base64url")}"`;
      reply.header("etag", etag);
      if (isKnown(request.headers["if-none-match"], etag)) {
        reply.code(304);
        return done(null, "");
      }
    }
    done(null, payload);
  });
}

/** A cache that has compressed what it was given calls its tag weak. */
function isKnown(tags: string | undefined, etag: string): boolean {
  return tags?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag) === true;
}

/** A structured field's list of strings (RFC 9651). */
function toList(listed: readonly string[]): string {
  return listed.map((name) => `"${name}"`).join(", ");
}
