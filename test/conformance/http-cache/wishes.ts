import { type CacheCase, control, type Fields, fresh, reused, type Step, validated } from "./cache-case.ts";

/** What a client asks of caches (RFC 9111 §5.2.1, §5.4). */
const tagged: Fields = [...control("max-age=1"), ["ETag", '"a"']];
const freshTagged: Fields = [...fresh, ["ETag", '"a"']];
const first = (fields: Fields): Step => ({ origin: { fields }, expected: { from: "origin" } });
export const wishes: readonly CacheCase[] = [
  validated(
    "no-cache of the client",
    "9111 §5.2.1.4",
    { fields: freshTagged },
    { again: { fields: control("no-cache") } },
  ),
  validated(
    "Pragma: no-cache of the client",
    "9111 §5.4",
    { fields: freshTagged },
    { again: { fields: [["Pragma", "no-cache"]] } },
  ),
  reused(
    "Pragma says nothing beside Cache-Control",
    "9111 §5.4",
    { fields: freshTagged },
    { again: { fields: [["Pragma", "no-cache"], ...control("max-age=3600")] } },
  ),
  {
    name: "no-cache of the client, and it has changed",
    section: "9111 §5.2.1.4",
    steps: [
      first(freshTagged),
      {
        asked: { fields: control("no-cache") },
        after: 1,
        origin: { fields: [...fresh, ["ETag", '"b"']] },
        expected: { from: "origin", forwarded: { "if-none-match": '"a"', "cache-control": "no-cache" } },
      },
      { after: 1, expected: { from: "cache", bodyOf: 1 } },
    ],
  },
  validated(
    "max-age=0 of the client",
    "9111 §5.2.1.1",
    { fields: freshTagged },
    { again: { fields: control("max-age=0") } },
  ),
  validated(
    "max-age of the client",
    "9111 §5.2.1.1",
    { fields: freshTagged },
    { after: 5, again: { fields: control("max-age=4") } },
  ),
  reused(
    "max-age of the client, not yet over",
    "9111 §5.2.1.1",
    { fields: freshTagged },
    { after: 3, again: { fields: control("max-age=4") } },
  ),
  validated(
    "min-fresh of the client",
    "9111 §5.2.1.3",
    { fields: [...control("max-age=10"), ["ETag", '"a"']] },
    { after: 5, again: { fields: control("min-fresh=6") } },
  ),
  reused(
    "min-fresh of the client, and it is",
    "9111 §5.2.1.3",
    { fields: [...control("max-age=10"), ["ETag", '"a"']] },
    { after: 5, again: { fields: control("min-fresh=4") } },
  ),
  reused(
    "max-stale of the client, however long",
    "9111 §5.2.1.2",
    { fields: tagged },
    { after: 500, again: { fields: control("max-stale") } },
  ),
  ...["max-age=1, proxy-revalidate", "s-maxage=1", "max-age=1, no-cache"].map((value) =>
    validated(
      `max-stale, and ${value}`,
      "9111 §4.2.4",
      { fields: [...control(value), ["ETag", '"a"']] },
      { after: 5, again: { fields: control("max-stale") } },
    ),
  ),
  validated(
    "max-age of the client, and it is stale",
    "9111 §5.2.1.1",
    { fields: tagged },
    { after: 5, again: { fields: control("max-age=100") } },
  ),
  reused(
    "max-stale of the client",
    "9111 §5.2.1.2",
    { fields: tagged },
    { after: 5, again: { fields: control("max-stale=10") } },
  ),
  validated(
    "max-stale of the client, over",
    "9111 §5.2.1.2",
    { fields: tagged },
    { after: 15, again: { fields: control("max-stale=10") } },
  ),
  validated(
    "max-stale, and must-revalidate",
    "9111 §5.2.2.2",
    { fields: [...control("max-age=1, must-revalidate"), ["ETag", '"a"']] },
    { after: 5, again: { fields: control("max-stale") } },
  ),
  {
    name: "only-if-cached, and nothing is",
    section: "9111 §5.2.1.7",
    steps: [{ asked: { fields: control("only-if-cached") }, expected: { from: "gateway", status: 504 } }],
  },
  {
    name: "only-if-cached, and it is stale",
    section: "9111 §5.2.1.7",
    steps: [
      first(tagged),
      { asked: { fields: control("only-if-cached") }, after: 5, expected: { from: "gateway", status: 504 } },
    ],
  },
  {
    name: "only-if-cached, and another is",
    section: "9111 §5.2.1.7",
    steps: [
      { asked: { fields: [["X", "1"]] }, origin: { fields: [...fresh, ["Vary", "X"]] }, expected: { from: "origin" } },
      { asked: { fields: control("only-if-cached") }, after: 1, expected: { from: "gateway", status: 504 } },
    ],
  },
  reused(
    "only-if-cached, and it is",
    "9111 §5.2.1.7",
    { fields: fresh },
    { again: { fields: control("only-if-cached") } },
  ),
];
