import { type CacheCase, control, type Expected, type Fields, notReused, type OriginAnswer } from "./cache-case.ts";

/** What is served although its time is over (RFC 9111 §4.2.4, RFC 5861), and what is not. */
const etag = ["ETag", '"a"'] as const;
const broken: OriginAnswer = { breaks: "at once" };

function stale(
  name: string,
  section: string,
  fields: Fields,
  after: number,
  expected: Partial<Expected>,
  origin: OriginAnswer = {},
): CacheCase {
  return {
    name,
    section,
    steps: [
      { origin: { fields }, expected: { from: "origin" } },
      { after, origin, expected: { from: "stand-in", bodyOf: 0, ...expected } },
    ],
  };
}

const failed: Partial<Expected> = { from: "gateway", status: 502, bodyOf: undefined };
const behind: Partial<Expected> = { from: "cache", asksBehind: true };
const asked: Partial<Expected> = { from: "origin", bodyOf: undefined };

export const staleness: readonly CacheCase[] = [
  // While it is asked about.
  stale("while it is asked about", "5861 §3", control("max-age=1, stale-while-revalidate=10"), 5, behind, {
    fields: control("max-age=1, stale-while-revalidate=10"),
  }),
  stale("no longer than it says", "5861 §3", control("max-age=1, stale-while-revalidate=10"), 12, asked),
  stale(
    "not with must-revalidate",
    "9111 §5.2.2.2",
    control("max-age=1, stale-while-revalidate=10, must-revalidate"),
    5,
    asked,
  ),
  stale(
    "not with proxy-revalidate",
    "9111 §5.2.2.8",
    control("max-age=1, stale-while-revalidate=10, proxy-revalidate"),
    5,
    asked,
  ),
  stale("not with no-cache", "9111 §5.2.2.4", [...control("no-cache, stale-while-revalidate=10"), etag], 5, asked),
  stale(
    "for a number that cannot be read, not at all",
    "5861 §3",
    control("max-age=1, stale-while-revalidate=x"),
    5,
    asked,
  ),
  {
    name: "what was asked about serves the next",
    section: "5861 §3",
    steps: [
      { origin: { fields: control("max-age=1, stale-while-revalidate=10") }, expected: { from: "origin" } },
      { after: 5, origin: { fields: control("max-age=60") }, expected: { from: "cache", bodyOf: 0, asksBehind: true } },
      { after: 1, expected: { from: "cache", bodyOf: 1 } },
    ],
  },
  // When the origin fails.
  ...[500, 502, 503, 504].map((status) =>
    stale(
      `when it answers ${status}`,
      "5861 §4",
      control("max-age=1, stale-if-error=60"),
      5,
      { status: 200 },
      { status },
    ),
  ),
  stale("when it does not answer", "5861 §4", control("max-age=1, stale-if-error=60"), 5, { status: 200 }, broken),
  stale(
    "no longer than it says, when it does not answer",
    "5861 §4",
    control("max-age=1, stale-if-error=60"),
    62,
    failed,
    broken,
  ),
  stale(
    "no longer than it says, when it answers 503",
    "5861 §4",
    control("max-age=1, stale-if-error=60"),
    62,
    { ...asked, status: 503 },
    { status: 503 },
  ),
  ...[400, 404, 410, 501].map((status) =>
    stale(
      `not when it answers ${status}`,
      "5861 §4",
      control("max-age=1, stale-if-error=60"),
      5,
      { ...asked, status },
      { status },
    ),
  ),
  ...["must-revalidate", "proxy-revalidate"].map((name) =>
    stale(`not with ${name}`, "9111 §4.2.4", control(`max-age=1, stale-if-error=60, ${name}`), 5, failed, broken),
  ),
  stale(
    "not with no-cache, when it does not answer",
    "9111 §4.2.4",
    [...control("no-cache, stale-if-error=60"), etag],
    5,
    failed,
    broken,
  ),
  stale("not where nobody has permitted it", "9111 §4.2.4", control("max-age=1"), 5, failed, broken),
  stale("not where s-maxage is over", "9111 §5.2.2.10", control("s-maxage=1"), 5, failed, broken),
  stale(
    "where s-maxage is over, and it says for how long",
    "5861 §4",
    control("s-maxage=1, stale-if-error=60"),
    5,
    { status: 200 },
    broken,
  ),
  stale(
    "it says how old it is",
    "9111 §5.1",
    control("max-age=1, stale-if-error=60"),
    5,
    { status: 200, fields: { age: "5" } },
    broken,
  ),
  notReused(
    "an answer of an error is not stored in its place",
    "5861 §4",
    { fields: control("max-age=1") },
    { after: 5, originAgain: { status: 503 } },
  ),
  {
    name: "an error that stood aside leaves the stored answer as it was",
    section: "5861 §4",
    steps: [
      { origin: { fields: control("max-age=1, stale-if-error=60") }, expected: { from: "origin" } },
      { after: 5, origin: { status: 503, fields: control("max-age=60") }, expected: { from: "stand-in", bodyOf: 0 } },
      { after: 1, origin: { fields: control("max-age=1"), body: "back" }, expected: { from: "origin", body: "back" } },
    ],
  },
];
