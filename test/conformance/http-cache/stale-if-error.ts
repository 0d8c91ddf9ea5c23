import { type CacheCase, control, type Expected, notReused } from "./cache-case.ts";
import { asked, broken, etag, stale } from "./stale-case.ts";

/** What stands in for an origin that fails (RFC 5861 §4, RFC 9111 §4.2.4), and what does not. */
const failed: Partial<Expected> = { from: "gateway", status: 502, bodyOf: undefined };

export const staleIfError: readonly CacheCase[] = [
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
  stale("s-maxage with a word of errors", "5861 §4", control("s-maxage=1, stale-if-error=60"), 62, failed, broken),
  stale(
    "as long as the config says, when it does not answer",
    "5861 §4",
    control("max-age=1"),
    5,
    { status: 200 },
    broken,
    {},
    {
      staleIfError: "60s",
    },
  ),
  stale(
    "no longer, when it does not answer",
    "5861 §4",
    control("max-age=1"),
    62,
    failed,
    broken,
    {},
    {
      staleIfError: "60s",
    },
  ),
  ...["max-age=1, must-revalidate", "s-maxage=1", "no-cache"].map((value) =>
    stale(
      `not with ${value}, whatever the config says, when it does not answer`,
      "9111 §4.2.4",
      [...control(value), etag],
      5,
      failed,
      broken,
      {},
      { staleIfError: "60s" },
    ),
  ),
  stale("to HEAD too", "5861 §4", control("max-age=1, stale-if-error=60"), 5, { status: 200, body: "" }, broken, {
    method: "HEAD",
  }),
  stale(
    "when it breaks off before it has said a word, by its tag",
    "5861 §4",
    [...control("max-age=1, stale-if-error=60"), etag],
    5,
    { status: 200, forwarded: { "if-none-match": '"a"' } },
    broken,
  ),
  stale(
    "to who has it already",
    "5861 §4",
    [...control("max-age=1, stale-if-error=60"), etag],
    5,
    { status: 304, body: "", bodyOf: undefined },
    broken,
    { fields: [["If-None-Match", '"a"']] },
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
