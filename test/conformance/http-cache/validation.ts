import {
  type CacheCase,
  control,
  dateIn,
  type Expected,
  type Fields,
  fresh,
  modified,
  notReused,
  reused,
  type Step,
  validated,
} from "./cache-case.ts";

/** How what is stored is asked about (RFC 9111 §4.3, RFC 8246). */
const tagged: Fields = [...control("max-age=1"), ["ETag", '"a"']];
const dated: Fields = [...control("max-age=1"), ["Last-Modified", modified]];
const both: Fields = [...tagged, ["Last-Modified", modified]];
const freshTagged: Fields = [...fresh, ["ETag", '"a"']];
const first = (fields: Fields): Step => ({ origin: { fields }, expected: { from: "origin" } });
const conditional = (fields: Fields, expected: Expected, after = 1): Step => ({ asked: { fields }, after, expected });
const notModified: Expected = { from: "not modified", status: 304, body: "" };
function fromStored(name: string, section: string, stored: Fields, fields: Fields, expected: Expected): CacheCase {
  return { name, section, steps: [first(stored), conditional(fields, expected)] };
}

export const validation: readonly CacheCase[] = [
  validated(
    "by its tag",
    "9111 §4.3.1",
    { fields: tagged },
    { after: 2, expected: { forwarded: { "if-none-match": '"a"' } } },
  ),
  validated(
    "by the date of its last change",
    "9111 §4.3.1",
    { fields: dated },
    { after: 2, expected: { forwarded: { "if-modified-since": modified } } },
  ),
  validated(
    "by both",
    "9111 §4.3.1",
    { fields: both },
    { after: 2, expected: { forwarded: { "if-none-match": '"a"', "if-modified-since": modified } } },
  ),
  validated(
    "by a weak tag",
    "9111 §4.3.1",
    { fields: [...control("max-age=1"), ["ETag", 'W/"a"']] },
    { after: 2, expected: { forwarded: { "if-none-match": 'W/"a"' } } },
  ),
  validated("no-cache, each time", "9111 §5.2.2.4", {
    fields: [...control("no-cache, max-age=3600"), ["ETag", '"a"']],
  }),
  validated(
    "must-revalidate, once it is stale",
    "9111 §5.2.2.2",
    { fields: [...control("max-age=1, must-revalidate"), ["ETag", '"a"']] },
    { after: 2 },
  ),
  reused("must-revalidate, while it is fresh", "9111 §5.2.2.2", {
    fields: [...control("max-age=10, must-revalidate"), ["ETag", '"a"']],
  }),
  validated(
    "proxy-revalidate, once it is stale",
    "9111 §5.2.2.8",
    { fields: [...control("max-age=1, proxy-revalidate"), ["ETag", '"a"']] },
    { after: 2 },
  ),
  notReused(
    "nothing to ask by",
    "9111 §4.3.1",
    { fields: control("max-age=1") },
    { after: 2, expected: { forwarded: { "if-none-match": undefined, "if-modified-since": undefined } } },
  ),
  notReused(
    "it has changed",
    "9111 §4.3.3",
    { fields: tagged },
    { after: 2, originAgain: { fields: [...control("max-age=1"), ["ETag", '"b"']] } },
  ),
  {
    name: "what it has become is stored in its place",
    section: "9111 §4.3.3",
    steps: [
      first(tagged),
      { after: 2, origin: { fields: [...control("max-age=10"), ["ETag", '"b"']] }, expected: { from: "origin" } },
      { after: 1, expected: { from: "cache", bodyOf: 1, fields: { etag: '"b"' } } },
    ],
  },
  {
    name: "what is still good by its date is fresh again",
    section: "9111 §4.3.4",
    steps: [
      first(dated),
      {
        after: 2,
        origin: { status: 304, fields: [...control("max-age=10"), ["Last-Modified", modified]] },
        expected: { from: "validated", bodyOf: 0 },
      },
      { after: 9, expected: { from: "cache", bodyOf: 0 } },
    ],
  },
  {
    name: "what is still good is as old as its confirmation",
    section: "9111 §4.2.3",
    steps: [
      first(tagged),
      {
        after: 20,
        origin: { status: 304, fields: [...control("max-age=10"), ["ETag", '"a"'], ["Date", dateIn(0)]] },
        expected: { from: "validated", bodyOf: 0 },
      },
      { after: 4, expected: { from: "cache", bodyOf: 0, fields: { age: "4" } } },
    ],
  },
  {
    name: "304 that has no time to give leaves it stale",
    section: "9111 §4.3.4",
    steps: [
      first(tagged),
      {
        after: 2,
        origin: { status: 304, fields: [...control("max-age=0"), ["ETag", '"a"']] },
        expected: { from: "validated", bodyOf: 0 },
      },
      { after: 1, origin: { fields: tagged }, expected: { from: "validated", bodyOf: 0 } },
    ],
  },
  {
    name: "what is still good is fresh again",
    section: "9111 §4.3.4",
    steps: [
      first([...control("max-age=10"), ["ETag", '"a"']]),
      {
        after: 11,
        origin: { status: 304, fields: [...control("max-age=10"), ["ETag", '"a"']] },
        expected: { from: "validated", bodyOf: 0 },
      },
      { after: 9, expected: { from: "cache", bodyOf: 0 } },
    ],
  },
  {
    name: "its head is what the origin has said last",
    section: "9111 §4.3.4",
    steps: [
      first([...tagged, ["X-A", "old"], ["X-B", "kept"]]),
      {
        after: 2,
        origin: { status: 304, fields: [...control("max-age=10"), ["ETag", '"a"'], ["X-A", "new"], ["X-C", "added"]] },
        expected: { from: "validated", bodyOf: 0, fields: { "x-a": "new", "x-b": "kept", "x-c": "added" } },
      },
      { after: 1, expected: { from: "cache", bodyOf: 0, fields: { "x-a": "new", "x-b": "kept", "x-c": "added" } } },
    ],
  },
  ...["Content-Length", "Content-Encoding", "Content-Range"].map((name): CacheCase => ({
    name: `but for ${name}`,
    section: "9111 §3.2",
    steps: [
      { origin: { fields: tagged, body: "12345" }, expected: { from: "origin" } },
      {
        after: 2,
        origin: {
          status: 304,
          fields: [...control("max-age=10"), ["ETag", '"a"'], [name, name === "Content-Length" ? "99" : "x"]],
        },
        expected: {
          from: "validated",
          bodyOf: 0,
          fields: { "content-length": "5", ...(name === "Content-Length" ? {} : { [name.toLowerCase()]: undefined }) },
        },
      },
    ],
  })),
  {
    name: "304 for another tag is not about what is stored",
    section: "9111 §4.3.4",
    steps: [
      first(tagged),
      {
        after: 2,
        origin: { status: 304, fields: [...control("max-age=10"), ["ETag", '"b"']] },
        expected: { from: "origin", status: 200, asks: 2 },
      },
    ],
  },
  {
    name: "nor does it make anything fresh",
    section: "9111 §4.3.4",
    steps: [
      first(tagged),
      {
        after: 2,
        origin: { status: 304, fields: [...control("no-store"), ["ETag", '"b"']] },
        expected: { from: "origin", status: 200, asks: 2 },
      },
      { after: 1, expected: { from: "origin" } },
    ],
  },
  {
    name: "304 that forbids storing is the last that is heard of it",
    section: "9111 §4.3.4",
    steps: [
      first(tagged),
      {
        after: 2,
        origin: { status: 304, fields: [...control("no-store"), ["ETag", '"a"']] },
        expected: { from: "validated", bodyOf: 0 },
      },
      { after: 1, expected: { from: "origin" } },
    ],
  },
  // What HEAD tells (§4.3.5): what was stored before is not given any more without having been asked about.
  ...(
    [
      ["another tag", [["ETag", '"b"']], "changed"],
      ["another date", [["Last-Modified", modified]], "changed"],
    ] as const
  ).map(([name, fields, body]): CacheCase => ({
    name: `HEAD tells of ${name}`,
    section: "9111 §4.3.5",
    steps: [
      {
        origin: { fields: [...freshTagged, ["Last-Modified", "Thu, 19 Nov 2026 12:00:00 GMT"]], body: "as ever" },
        expected: { from: "origin" },
      },
      {
        asked: { method: "HEAD", fields: control("no-cache") },
        after: 1,
        origin: { fields: [...fresh, ...fields], body },
        expected: { from: "origin", body: "" },
      },
      { after: 1, origin: { fields: [...fresh, ["ETag", '"c"']], body }, expected: { from: "either", body } },
    ],
  })),
  // RFC 8246.
  fromStored(
    "what is immutable need not be asked about",
    "8246 §2",
    [...control("max-age=3600, immutable"), ["ETag", '"a"']],
    [["If-None-Match", '"a"']],
    notModified,
  ),
  validated(
    "what is immutable, once it is stale",
    "8246 §2",
    { fields: [...control("max-age=1, immutable"), ["ETag", '"a"']] },
    { after: 2 },
  ),
  validated(
    "what is immutable, where the client wants it asked about",
    "8246 §2.1",
    { fields: [...control("max-age=3600, immutable"), ["ETag", '"a"']] },
    { again: { fields: control("no-cache") } },
  ),
  notReused("what is immutable for no time", "8246 §2", { fields: control("immutable") }),
];
