import { type CacheCase, control, type Expected } from "./cache-case.ts";
import { asked, broken, etag, stale } from "./stale-case.ts";

/** What is served although its time is over, while its origin is asked about it (RFC 5861 §3), and what is not. */
const behind: Partial<Expected> = { from: "cache", asksBehind: true };

export const staleWhileRevalidate: readonly CacheCase[] = [
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
  stale("s-maxage with a word of how long", "5861 §3", control("s-maxage=1, stale-while-revalidate=10"), 5, behind, {
    fields: control("s-maxage=1, stale-while-revalidate=10"),
  }),
  stale("s-maxage without one", "9111 §5.2.2.10", control("s-maxage=1"), 5, asked),
  stale("nothing is said of it", "9111 §4.2.4", control("max-age=1"), 5, asked),
  stale(
    "it says how old it is while it is asked about",
    "9111 §5.1",
    control("max-age=1, stale-while-revalidate=10"),
    5,
    { ...behind, fields: { age: "5" } },
    { fields: control("max-age=1, stale-while-revalidate=10") },
  ),
  stale(
    "but not to who wants it asked about",
    "9111 §5.2.1.4",
    control("max-age=1, stale-while-revalidate=10"),
    5,
    asked,
    {},
    { fields: control("no-cache") },
  ),
  stale(
    "as long as the config says",
    "5861 §3",
    control("max-age=1"),
    5,
    behind,
    { fields: control("max-age=1") },
    {},
    { staleWhileRevalidate: "10s" },
  ),
  stale("no longer", "5861 §3", control("max-age=1"), 12, asked, {}, {}, { staleWhileRevalidate: "10s" }),
  ...["max-age=1, must-revalidate", "s-maxage=1", "max-age=1, proxy-revalidate", "no-cache"].map((value) =>
    stale(
      `not with ${value}, whatever the config says`,
      "9111 §4.2.4",
      [...control(value), etag],
      5,
      asked,
      {},
      {},
      { staleWhileRevalidate: "10s" },
    ),
  ),
  {
    name: "it is asked about by what it is known by",
    section: "5861 §3",
    steps: [
      {
        origin: { fields: [...control("max-age=1, stale-while-revalidate=10"), etag] },
        expected: { from: "origin" },
      },
      {
        after: 5,
        origin: { status: 304, fields: [...control("max-age=60"), etag] },
        expected: { from: "cache", bodyOf: 0, asksBehind: true, forwarded: { "if-none-match": '"a"' } },
      },
      { after: 1, expected: { from: "cache", bodyOf: 0, fields: { age: /^[01]$/ } } },
    ],
  },
  {
    name: "and as who asked first had asked for it",
    section: "9111 §4.3.1",
    steps: [
      {
        asked: { fields: [["X", "1"]] },
        origin: { fields: [...control("max-age=1, stale-while-revalidate=10"), ["Vary", "X"]] },
        expected: { from: "origin" },
      },
      {
        asked: { fields: [["X", "1"]] },
        after: 5,
        origin: { fields: [...control("max-age=60"), ["Vary", "X"]] },
        expected: { from: "cache", bodyOf: 0, asksBehind: true, forwarded: { x: "1" } },
      },
      { asked: { fields: [["X", "1"]] }, after: 1, expected: { from: "cache", bodyOf: 1 } },
    ],
  },
  {
    name: "whole, though only a part was wanted",
    section: "5861 §3",
    steps: [
      {
        origin: { fields: control("max-age=1, stale-while-revalidate=10"), body: "0123456789" },
        expected: { from: "origin" },
      },
      {
        asked: { fields: [["Range", "bytes=0-1"]] },
        after: 5,
        origin: { fields: control("max-age=60"), body: "abcdefghij" },
        expected: { from: "cache", status: 206, body: "01", asksBehind: true, forwarded: { range: undefined } },
      },
      { after: 1, expected: { from: "cache", body: "abcdefghij" } },
    ],
  },
  {
    name: "an origin that fails then leaves it as it was",
    section: "5861 §3",
    steps: [
      { origin: { fields: control("max-age=1, stale-while-revalidate=10") }, expected: { from: "origin" } },
      { after: 5, origin: broken, expected: { from: "cache", bodyOf: 0, asksBehind: true } },
      { after: 1, origin: { status: 503 }, expected: { from: "cache", bodyOf: 0, asksBehind: true } },
      { after: 6, origin: { fields: control("max-age=1") }, expected: { from: "origin" } },
    ],
  },
  {
    name: "an answer that forbids storing is the last that is served so",
    section: "5861 §3",
    steps: [
      { origin: { fields: control("max-age=1, stale-while-revalidate=10") }, expected: { from: "origin" } },
      { after: 5, origin: { fields: control("no-store") }, expected: { from: "cache", bodyOf: 0, asksBehind: true } },
      { after: 1, origin: { fields: control("no-store") }, expected: { from: "origin" } },
    ],
  },
  {
    name: "what was asked about serves the next",
    section: "5861 §3",
    steps: [
      { origin: { fields: control("max-age=1, stale-while-revalidate=10") }, expected: { from: "origin" } },
      { after: 5, origin: { fields: control("max-age=60") }, expected: { from: "cache", bodyOf: 0, asksBehind: true } },
      { after: 1, expected: { from: "cache", bodyOf: 1 } },
    ],
  },
];
