/** For how long an answer may be used without asking. */
export type Lifetime = "forever" | "ask";

/**
 * Browsers ask each time whether a file is still the same, which costs them a 304, and so see a change at once; but for what can never change,
 * which they keep. The gateway's own cache is told something else, by a field that is for it alone (RFC 9213): for a second it
 * answers from memory; then it asks, which costs one look at the file, however many want it. Nothing is ever stale for
 * longer than that second, in development as little as after a deployment. What "never" changes it asks about as well, if seldom: where
 * a name was taken for a hash and is none, those who have never seen the file get the right one.
 *
 * All of it is `public`: the same for everybody, whatever cookies or credentials come along.
 */
export function cachePolicy(lifetime: Lifetime): string[] {
  return lifetime === "forever"
    ? ["Cache-Control", "public, max-age=31536000, immutable", "Tenfold-CDN-Cache-Control", "public, max-age=60"]
    : ["Cache-Control", "public, no-cache", "Tenfold-CDN-Cache-Control", "public, max-age=1"];
}
