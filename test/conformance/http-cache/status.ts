import {
  type CacheCase,
  control,
  type ExpectedValue,
  fresh,
  type Reuse,
  notReused,
  reused,
  validated,
} from "./cache-case.ts";

/** What is said of what the cache did (RFC 9211). */
const says = (value: ExpectedValue): Pick<Reuse, "expected"> => ({ expected: { fields: { "cache-status": value } } });

export const status: readonly CacheCase[] = [
  reused(
    "a hit, and for how long it is fresh",
    "9211 §2.1, §2.4",
    { fields: control("max-age=10") },
    { after: 4, ...says("tenfold; hit; ttl=6") },
  ),
  {
    name: "nothing was stored of it, and this is",
    section: "9211 §2.2, §2.5",
    steps: [
      {
        origin: { fields: fresh },
        expected: {
          from: "origin",
          fields: { "cache-status": /^tenfold; fwd=uri-miss(?:; fwd-status=200)?; stored$/ },
        },
      },
    ],
  },
  {
    name: "nothing was, and nothing is",
    section: "9211 §2.2",
    steps: [
      {
        origin: { fields: control("no-store") },
        expected: { from: "origin", fields: { "cache-status": /^tenfold; fwd=(?:uri-miss|bypass)(?!.*stored)/ } },
      },
    ],
  },
  {
    name: "the method",
    section: "9211 §2.2",
    steps: [
      {
        asked: { method: "POST", body: "x" },
        expected: { from: "origin", fields: { "cache-status": /^tenfold; fwd=method/ } },
      },
    ],
  },
  notReused(
    "another variant",
    "9211 §2.2",
    { fields: [...fresh, ["Vary", "X"]] },
    { again: { fields: [["X", "1"]] }, ...says(/^tenfold; fwd=vary-miss/) },
  ),
  validated(
    "it was stale, and is good",
    "9211 §2.2, §2.3",
    { fields: [...control("max-age=1"), ["ETag", '"a"']] },
    { after: 2, ...says(/^tenfold; fwd=stale; fwd-status=304/) },
  ),
  validated(
    "the client wanted it asked about",
    "9211 §2.2",
    { fields: [...fresh, ["ETag", '"a"']] },
    { again: { fields: control("no-cache") }, ...says(/^tenfold; fwd=request; fwd-status=304/) },
  ),
  reused(
    "behind what caches nearer to the origin have said",
    "9211 §2",
    { fields: [...fresh, ["Cache-Status", "inner; fwd=miss"]] },
    says(["inner; fwd=miss", /^tenfold; hit; ttl=\d+$/]),
  ),
  {
    name: "behind them, when it was fetched",
    section: "9211 §2",
    steps: [
      {
        origin: { fields: [...fresh, ["Cache-Status", "inner; hit"]] },
        expected: { from: "origin", fields: { "cache-status": ["inner; hit", /^tenfold; fwd=uri-miss/] } },
      },
    ],
  },
  {
    name: "the client has it already",
    section: "9211 §2.1",
    steps: [
      { origin: { fields: [...control("max-age=10"), ["ETag", '"a"']] }, expected: { from: "origin" } },
      {
        asked: { fields: [["If-None-Match", '"a"']] },
        after: 4,
        expected: { from: "not modified", status: 304, fields: { "cache-status": "tenfold; hit; ttl=6" } },
      },
    ],
  },
  {
    name: "a part of it",
    section: "9211 §2.1",
    steps: [
      { origin: { fields: control("max-age=10"), body: "0123456789" }, expected: { from: "origin" } },
      {
        asked: { fields: [["Range", "bytes=0-1"]] },
        after: 4,
        expected: { from: "cache", status: 206, fields: { "cache-status": "tenfold; hit; ttl=6" } },
      },
    ],
  },
  reused(
    "for how long it has been stale",
    "9211 §2.4",
    { fields: control("max-age=1") },
    { after: 5, again: { fields: control("max-stale") }, ...says("tenfold; hit; ttl=-4") },
  ),
  {
    name: "for how long it has been, while it is asked about",
    section: "9211 §2.4",
    steps: [
      { origin: { fields: control("max-age=1, stale-while-revalidate=10") }, expected: { from: "origin" } },
      {
        after: 5,
        expected: { from: "cache", bodyOf: 0, asksBehind: true, fields: { "cache-status": "tenfold; hit; ttl=-4" } },
      },
    ],
  },
  notReused(
    "it was stale, and has changed",
    "9211 §2.2",
    { fields: [...control("max-age=1"), ["ETag", '"a"']] },
    {
      after: 2,
      originAgain: { fields: [...control("max-age=1"), ["ETag", '"b"']] },
      ...says(/^tenfold; fwd=stale(?:; fwd-status=200)?; stored$/),
    },
  ),
  {
    name: "HEAD, and nothing was stored of it",
    section: "9211 §2.2",
    steps: [
      {
        asked: { method: "HEAD" },
        origin: { fields: fresh },
        expected: {
          from: "origin",
          fields: { "cache-status": /^tenfold; fwd=(?:uri-miss|miss|bypass|method)(?!.*stored)/ },
        },
      },
    ],
  },
  {
    name: "the client wants nothing stored",
    section: "9211 §2.2, §2.5",
    steps: [
      {
        asked: { fields: control("no-store") },
        origin: { fields: fresh },
        expected: {
          from: "origin",
          fields: { "cache-status": /^tenfold; fwd=(?:request|bypass|uri-miss)(?!.*stored)/ },
        },
      },
    ],
  },
  {
    name: "it stands in for an origin that fails",
    section: "9211 §2.1",
    steps: [
      { origin: { fields: control("max-age=1, stale-if-error=60") }, expected: { from: "origin" } },
      {
        after: 5,
        origin: { status: 503 },
        expected: {
          from: "stand-in",
          bodyOf: 0,
          fields: { "cache-status": /^tenfold; hit; ttl=-4|^tenfold; fwd=stale; fwd-status=503/ },
        },
      },
    ],
  },
];
