import {
  type CacheCase,
  control,
  dateIn,
  type Expected,
  type Fields,
  fresh,
  modified,
  type Step,
} from "./cache-case.ts";

/** What the client has already, and what it asks for on that condition (RFC 9110 §13, RFC 9111 §4.3.2). */
const tagged: Fields = [...control("max-age=1"), ["ETag", '"a"']];
const freshTagged: Fields = [...fresh, ["ETag", '"a"']];
const freshDated: Fields = [...fresh, ["Last-Modified", modified]];

const first = (fields: Fields): Step => ({ origin: { fields }, expected: { from: "origin" } });
const conditional = (fields: Fields, expected: Expected, after = 1): Step => ({ asked: { fields }, after, expected });
const notModified: Expected = { from: "not modified", status: 304, body: "" };
const whole: Expected = { from: "cache", status: 200, bodyOf: 0 };

function fromStored(name: string, section: string, stored: Fields, fields: Fields, expected: Expected): CacheCase {
  return { name, section, steps: [first(stored), conditional(fields, expected)] };
}

export const conditions: readonly CacheCase[] = [
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
  fromStored("what is no list of tags", "9110 §8.8.3", freshTagged, [["If-None-Match", '"x,"a"']], whole),
  fromStored(
    "a tag with a comma",
    "9110 §8.8.3",
    [...fresh, ["ETag", '"a,b"']],
    [["If-None-Match", '"a,b"']],
    notModified,
  ),
  fromStored("its halves", "9110 §8.8.3", [...fresh, ["ETag", '"a,b"']], [["If-None-Match", '"a", "b"']], whole),
  fromStored("a tag in other letters", "9110 §8.8.3.2", freshTagged, [["If-None-Match", '"A"']], whole),
  fromStored("an empty tag", "9110 §8.8.3", [...fresh, ["ETag", '""']], [["If-None-Match", '""']], notModified),
  fromStored(
    "tags in lines",
    "9110 §13.1.2",
    freshTagged,
    [
      ["If-None-Match", '"x"'],
      ["If-None-Match", '"a"'],
    ],
    notModified,
  ),
  fromStored("any tag, of what has none", "9110 §13.1.2", fresh, [["If-None-Match", "*"]], notModified),
  fromStored("a tag, of what has none", "9110 §13.1.2", fresh, [["If-None-Match", '"a"']], whole),
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
  fromStored(
    "two dates",
    "9110 §13.1.3",
    freshDated,
    [
      ["If-Modified-Since", modified],
      ["If-Modified-Since", modified],
    ],
    whole,
  ),
  fromStored(
    "a date before it came, where nothing is dated",
    "9111 §4.3.2",
    fresh,
    [["If-Modified-Since", "Fri, 20 Nov 2026 12:00:00 GMT"]],
    whole,
  ),
  fromStored(
    "a date in another form",
    "9110 §5.6.7",
    freshDated,
    [["If-Modified-Since", "Friday, 20-Nov-26 12:00:00 GMT"]],
    notModified,
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
  ...["Content-Type", "Content-Encoding", "Content-Language", "Content-Length"].map((name) =>
    fromStored(
      `304 has no ${name}`,
      "9110 §15.4.5",
      [...freshTagged, ...(name === "Content-Length" ? [] : ([[name, "x"]] as const))],
      [["If-None-Match", '"a"']],
      { ...notModified, fields: { [name.toLowerCase()]: undefined } },
    ),
  ),
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
        expected: { from: "validated", status: 304, body: "" },
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
    name: "the client has another one than what is stale, and still good",
    section: "9111 §4.3.2",
    steps: [
      first(tagged),
      {
        asked: { fields: [["If-None-Match", '"old"']] },
        after: 2,
        origin: { status: 304, fields: tagged },
        expected: { from: "validated", status: 200, bodyOf: 0, forwarded: { "if-none-match": /"a"/ } },
      },
    ],
  },
  ...(
    [
      ["If-None-Match", '"a"'],
      ["If-Modified-Since", modified],
    ] as const
  ).map(([name, value]): CacheCase => ({
    name: `${name} that finds nothing stored is measured by what is fetched for it`,
    section: "9111 §4.3.2",
    steps: [
      {
        asked: { fields: [[name, value]] },
        origin: { fields: [...freshTagged, ["Last-Modified", modified]] },
        expected: { from: "origin", status: 304, body: "", forwarded: { [name.toLowerCase()]: undefined } },
      },
      { after: 1, expected: { from: "cache", bodyOf: 0 } },
    ],
  })),
  {
    name: "a condition that finds nothing stored, and is not met",
    section: "9111 §4.3.2",
    steps: [
      {
        asked: { fields: [["If-None-Match", '"z"']] },
        origin: { fields: freshTagged },
        expected: { from: "origin", status: 200 },
      },
      { after: 1, expected: { from: "cache", bodyOf: 0 } },
    ],
  },
  {
    name: "a condition on what cannot be stored is the origin's",
    section: "9111 §4.3.2",
    steps: [
      { origin: { fields: [...control("no-store"), ["ETag", '"a"']] }, expected: { from: "origin" } },
      {
        asked: { fields: [["If-None-Match", '"a"']] },
        after: 1,
        origin: { fields: [...control("no-store"), ["ETag", '"a"']] },
        expected: { from: "origin", status: 304, body: "", forwarded: { "if-none-match": '"a"' } },
      },
    ],
  },
];
