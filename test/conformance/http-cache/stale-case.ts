import type { Asked, CacheCase, CacheSetting, Expected, Fields, OriginAnswer } from "./cache-case.ts";

export const etag = ["ETag", '"a"'] as const;
export const broken: OriginAnswer = { breaks: "at once" };
/** The origin's answer is the client's. */
export const asked: Partial<Expected> = { from: "origin", bodyOf: undefined };

/** Something is stored, and asked for again when it is stale. */
export function stale(
  name: string,
  section: string,
  fields: Fields,
  after: number,
  expected: Partial<Expected>,
  origin: OriginAnswer = {},
  asked: Asked = {},
  set: CacheSetting = {},
): CacheCase {
  return {
    name,
    section,
    set,
    steps: [
      { origin: { fields }, expected: { from: "origin" } },
      { asked, after, origin, expected: { from: "stand-in", bodyOf: 0, ...expected } },
    ],
  };
}
