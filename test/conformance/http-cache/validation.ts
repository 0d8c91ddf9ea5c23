import {
  type CacheCase,
  control,
  dateIn,
  type Expected,
  type Fields,
  fresh,
  notReused,
  reused,
  type Step,
  validated,
} from "./cache-case.ts";

/** How what is stored is asked about, and answered with (RFC 9111 §4.3, RFC 9110 §13). */
const modified = "Fri, 20 Nov 2026 12:00:00 GMT";
const tagged: Fields = [...control("max-age=1"), ["ETag", '"a"']];
const dated: Fields = [...control("max-age=1"), ["Last-Modified", modified]];
const both: Fields = [...tagged, ["Last-Modified", modified]];
const freshTagged: Fields = [...fresh, ["ETag", '"a"']];
const freshDated: Fields = [...fresh, ["Last-Modified", modified]];

const first = (fields: Fields): Step => ({ origin: { fields }, expected: { from: "origin" } });
const conditional = (fields: Fields, expected: Expected, after = 1): Step => ({ asked: { fields }, after, expected });
const notModified: Expected = { from: "not modified", status: 304, body: "" };
const whole: Expected = { from: "cache", status: 200, bodyOf: 0 };

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
          fields: [
            ...control("max-age=10"),
            ["ETag", '"a"'],
            ...(name === "Content-Length" ? [] : ([[name, "x"]] as const)),
          ],
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
        expected: { from: "origin", status: 200 },
      },
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
  // The client's own conditions.
  fromStored("the client has it, by its tag", "9111 §4.3.2", freshTagged, [["If-None-Match", '"a"']], notModified),
  fromStored("one of several tags", "9110 §13.1.2", freshTagged, [["If-None-Match", '"x", "a"']], notModified),
  fromStored("any tag", "9110 §13.1.2", freshTagged, [["If-None-Match", "*"]], notModified),
  fromStored("a weak tag", "9110 §13.1.2", freshTagged, [["If-None-Match", 'W/"a"']], notModified),
  fromStored(
    "a strong tag of a weak one",
    "9110 §13.1.2",
    [...fresh, ["ETag", 'W/"a"']],
    [["If-None-Match", '"a"']],
    notModified,
  ),
  fromStored("another tag", "9110 §13.1.2", freshTagged, [["If-None-Match", '"b"']], whole),
  fromStored("a tag without quotes", "9110 §8.8.3", freshTagged, [["If-None-Match", "a"]], whole),
  fromStored("a tag within a tag", "9110 §8.8.3", freshTagged, [["If-None-Match", '"x,"a"']], notModified),
  fromStored(
    "a tag, and a date that does not count",
    "9110 §13.2.2",
    [...freshTagged, ["Last-Modified", modified]],
    [
      ["If-None-Match", '"b"'],
      ["If-Modified-Since", modified],
    ],
    whole,
  ),
  fromStored(
    "the client has it, by its date",
    "9111 §4.3.2",
    freshDated,
    [["If-Modified-Since", modified]],
    notModified,
  ),
  fromStored(
    "a later date",
    "9110 §13.1.3",
    freshDated,
    [["If-Modified-Since", "Sat, 21 Nov 2026 12:00:00 GMT"]],
    notModified,
  ),
  fromStored(
    "an earlier date",
    "9110 §13.1.3",
    freshDated,
    [["If-Modified-Since", "Thu, 19 Nov 2026 12:00:00 GMT"]],
    whole,
  ),
  fromStored("what is no date", "9110 §13.1.3", freshDated, [["If-Modified-Since", "recently"]], whole),
  fromStored(
    "a date after it came, where nothing is dated",
    "9111 §4.3.2",
    fresh,
    [["If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"]],
    notModified,
  ),
  ...["Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Vary"].map((name): CacheCase => {
    const value =
      name === "ETag"
        ? '"a"'
        : name === "Expires" || name === "Date"
          ? dateIn(3_600)
          : name === "Vary"
            ? "X"
            : name === "Cache-Control"
              ? "max-age=3600"
              : "/x";
    const fields: Fields = [
      ...fresh,
      ...(name === "ETag" ? [] : ([["ETag", '"a"']] as const)),
      ...(name === "Cache-Control" ? [] : ([[name, value]] as const)),
    ];
    return fromStored(`304 has ${name}`, "9110 §15.4.5", fields, [["If-None-Match", '"a"']], {
      ...notModified,
      fields: { [name.toLowerCase()]: /./ },
    });
  }),
  {
    name: "an error has no conditions",
    section: "9110 §13.2.1",
    steps: [
      { origin: { status: 404, fields: freshTagged }, expected: { from: "origin" } },
      conditional([["If-None-Match", '"a"']], { from: "cache", status: 404, bodyOf: 0 }),
    ],
  },
  {
    name: "HEAD has them too",
    section: "9110 §13.2.1",
    steps: [
      first(freshTagged),
      { asked: { method: "HEAD", fields: [["If-None-Match", '"a"']] }, after: 1, expected: notModified },
    ],
  },
  {
    name: "the client has what was stale, and is still good",
    section: "9111 §4.3.3",
    steps: [
      first(tagged),
      {
        asked: { fields: [["If-None-Match", '"a"']] },
        after: 2,
        origin: { status: 304, fields: tagged },
        expected: { from: "origin", status: 304, body: "" },
      },
    ],
  },
  {
    name: "the client has what has changed in the meantime",
    section: "9111 §4.3.3",
    steps: [
      first(tagged),
      {
        asked: { fields: [["If-None-Match", '"b"']] },
        after: 2,
        origin: { fields: [...control("max-age=10"), ["ETag", '"b"']], body: "new" },
        expected: { from: "origin", status: 304, body: "" },
      },
    ],
  },
  ...(["If-Match", "If-Unmodified-Since"] as const).map((name): CacheCase => ({
    name: `${name} is for the origin alone`,
    section: "9111 §4.3.2",
    steps: [
      first([...freshTagged, ["Last-Modified", modified]]),
      {
        asked: { fields: [[name, name === "If-Match" ? '"b"' : "Thu, 19 Nov 2026 12:00:00 GMT"]] },
        after: 1,
        origin: { status: 412 },
        expected: { from: "origin", status: 412, forwarded: { [name.toLowerCase()]: /./ } },
      },
    ],
  })),
  {
    name: "a condition that finds nothing stored is the origin's",
    section: "9111 §4.3.2",
    steps: [
      {
        asked: { fields: [["If-None-Match", '"z"']] },
        origin: { status: 304, fields: [["ETag", '"z"']] },
        expected: { from: "origin", status: 304 },
      },
    ],
  },
  // What the client asks of caches.
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
  reused(
    "only-if-cached, and it is",
    "9111 §5.2.1.7",
    { fields: fresh },
    { again: { fields: control("only-if-cached") } },
  ),
];
