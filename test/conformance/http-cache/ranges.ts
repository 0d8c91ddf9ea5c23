import {
  type CacheCase,
  control,
  dateIn,
  type Expected,
  type Fields,
  fresh,
  modified,
  noon,
  type OriginAnswer,
} from "./cache-case.ts";

/** Parts of what is stored whole (RFC 9110 §14, RFC 9111 §3.3, §3.4). */
const body = "0123456789";
const tagged: Fields = [...fresh, ["ETag", '"a"']];
const dated: Fields = [...fresh, ["Last-Modified", modified], ["Date", dateIn(0)]];

function part(
  name: string,
  section: string,
  range: string,
  expected: Partial<Expected>,
  more: { stored?: OriginAnswer; fields?: Fields; method?: string } = {},
): CacheCase {
  const { stored = { fields: tagged }, fields = [], method } = more;
  return {
    name,
    section,
    steps: [
      { origin: { body, ...stored }, expected: { from: "origin" } },
      {
        asked: { fields: [["Range", range], ...fields], ...(method === undefined ? {} : { method }) },
        after: 1,
        expected: { from: "cache", ...expected },
      },
    ],
  };
}

const whole: Partial<Expected> = { status: 200, body };
const is = (text: string, range: string): Partial<Expected> => ({
  status: 206,
  body: text,
  fields: { "content-range": `bytes ${range}/10`, "content-length": String(text.length) },
});

export const ranges: readonly CacheCase[] = [
  part("from the beginning", "9110 §14.1.2", "bytes=0-1", is("01", "0-1")),
  part("one byte", "9110 §14.1.2", "bytes=5-5", is("5", "5-5")),
  part("to the end", "9110 §14.1.2", "bytes=8-", is("89", "8-9")),
  part("the last ones", "9110 §14.1.2", "bytes=-3", is("789", "7-9")),
  part("more than there are", "9110 §14.1.2", "bytes=5-500", is("56789", "5-9")),
  part("more of the last than there are", "9110 §14.1.2", "bytes=-500", is(body, "0-9")),
  part("to an end that no integer holds", "9110 §14.1.2", `bytes=5-${"9".repeat(30)}`, is("56789", "5-9")),
  part("more of the last than any integer holds", "9110 §14.1.2", `bytes=-${"9".repeat(30)}`, is(body, "0-9")),
  part("from behind the end, as no integer holds it", "9110 §15.5.17", `bytes=${"9".repeat(30)}-`, {
    status: 416,
    fields: { "content-range": "bytes */10" },
  }),
  part("a unit in other letters", "9110 §14.1", "Bytes=0-1", is("01", "0-1")),
  part("space and empty members in the list", "9110 §5.6.1", "bytes= , 0-1 ,", is("01", "0-1")),
  part("nothing of the last, and something", "9110 §14.1.2", "bytes=-0, 0-1", is("01", "0-1")),
  part("all", "9110 §14.1.2", "bytes=0-", is(body, "0-9")),
  part("behind the end", "9110 §15.5.17", "bytes=10-", { status: 416, fields: { "content-range": "bytes */10" } }),
  part("none of the last", "9110 §15.5.17", "bytes=-0", { status: 416, fields: { "content-range": "bytes */10" } }),
  part("backwards", "9110 §14.1.1", "bytes=5-1", whole),
  part("what is no range", "9110 §14.2", "bytes=a-b", whole),
  part("another unit", "9110 §14.2", "lines=0-1", whole),
  part("ranges that overlap", "9110 §14.2", "bytes=0-5,3-7", whole),
  part(
    "more ranges than anybody needs",
    "9110 §14.2",
    `bytes=${Array.from({ length: 50 }, (_, i) => `${i}-${i}`).join()}`,
    whole,
  ),
  part("two of which one is not there", "9110 §14.2", "bytes=0-1,50-60", is("01", "0-1")),
  part(
    "several",
    "9110 §14.6, §15.3.7.2",
    "bytes=0-1,8-9",
    {
      status: 206,
      fields: { "content-type": /^multipart\/byteranges; *boundary=/, "content-range": undefined },
      body: /^(?:\r\n)?--(.+)\r\n(?=[^]*?Content-Type: text\/x\r\n)(?:Content-.*\r\n)*Content-Range: bytes 0-1\/10\r\n(?:Content-.*\r\n)*\r\n01\r\n--\1\r\n(?:Content-.*\r\n)*Content-Range: bytes 8-9\/10\r\n(?:Content-.*\r\n)*\r\n89\r\n--\1--(?:\r\n)?$/i,
    },
    { stored: { fields: [...tagged, ["Content-Type", "text/x"]] } },
  ),
  part("nothing that is there, of several", "9110 §15.5.17", "bytes=10-11,20-", {
    status: 416,
    fields: { "content-range": "bytes */10" },
  }),
  part("of HEAD, nothing", "9110 §14.2", "bytes=0-1", { status: 200, body: "" }, { method: "HEAD" }),
  part(
    "of an error, nothing",
    "9110 §14.2",
    "bytes=0-1",
    { status: 404, body },
    { stored: { status: 404, fields: tagged } },
  ),
  part("what came in chunks", "9110 §14.2", "bytes=0-1", is("01", "0-1"), {
    stored: { fields: tagged, framing: "chunked" },
  }),
  part("the tag and the date come along", "9110 §15.3.7", "bytes=0-1", {
    status: 206,
    fields: { etag: '"a"', "cache-control": "max-age=3600", date: /GMT$/ },
  }),
  part(
    "Accept-Ranges is what the origin has said",
    "9110 §14.3",
    "bytes=0-1",
    { status: 206, fields: { "accept-ranges": "bytes" } },
    { stored: { fields: [...tagged, ["Accept-Ranges", "bytes"]] } },
  ),
  part(
    "its type and its language come along",
    "9110 §15.3.7",
    "bytes=0-1",
    { status: 206, fields: { "content-type": "text/x", "content-language": "de", expires: /GMT$/, vary: "X" } },
    {
      stored: {
        fields: [
          ...tagged,
          ["Content-Type", "text/x"],
          ["Content-Language", "de"],
          ["Expires", dateIn(60)],
          ["Vary", "X"],
        ],
      },
    },
  ),
  // If-Range
  {
    name: "If-Range without a range means nothing",
    section: "9110 §13.1.5",
    steps: [
      { origin: { fields: tagged }, expected: { from: "origin" } },
      { asked: { fields: [["If-Range", '"a"']] }, after: 1, expected: { from: "cache", status: 200, bodyOf: 0 } },
    ],
  },
  part("if what cannot be read is so", "9110 §13.1.5", "bytes=0-1", whole, { fields: [["If-Range", "a"]] }),
  part("a list of tags is no such thing", "9110 §13.1.5", "bytes=0-1", whole, {
    fields: [["If-Range", '"a", "b"']],
  }),
  part("behind the end, if it is still another", "9110 §13.1.5", "bytes=50-", whole, {
    fields: [["If-Range", '"b"']],
  }),
  part("the date of the second in which it changed is no such thing", "9110 §8.8.2.2", "bytes=0-1", whole, {
    stored: { fields: [...fresh, ["Last-Modified", dateIn(0)], ["Date", dateIn(0)]] },
    fields: [["If-Range", new Date(noon).toUTCString()]],
  }),
  part("if it is still this", "9110 §13.1.5", "bytes=0-1", is("01", "0-1"), { fields: [["If-Range", '"a"']] }),
  part("if it is still another", "9110 §13.1.5", "bytes=0-1", whole, { fields: [["If-Range", '"b"']] }),
  part("a weak tag is no such thing", "9110 §13.1.5", "bytes=0-1", whole, {
    stored: { fields: [...fresh, ["ETag", 'W/"a"']] },
    fields: [["If-Range", 'W/"a"']],
  }),
  part("if it has not changed since", "9110 §13.1.5", "bytes=0-1", is("01", "0-1"), {
    stored: { fields: dated },
    fields: [["If-Range", modified]],
  }),
  part("a later date is not its date", "9110 §13.1.5", "bytes=0-1", whole, {
    stored: { fields: dated },
    fields: [["If-Range", "Sat, 21 Nov 2026 12:00:00 GMT"]],
  }),
  part(
    "a condition that the client's copy meets comes first",
    "9110 §13.2.2",
    "bytes=0-1",
    { from: "not modified", status: 304, body: "" },
    { fields: [["If-None-Match", '"a"']] },
  ),
  part("a condition that is not met", "9110 §13.2.2", "bytes=0-1", is("01", "0-1"), {
    fields: [["If-None-Match", '"b"']],
  }),
  part(
    "a date that is met comes first",
    "9110 §13.2.2",
    "bytes=0-1",
    { from: "not modified", status: 304, body: "" },
    { stored: { fields: dated }, fields: [["If-Modified-Since", modified]] },
  ),
  // What is not stored.
  {
    name: "a part is asked for as a part, and is nobody else's whole",
    section: "9111 §3.3",
    steps: [
      {
        asked: { fields: [["Range", "bytes=0-1"]] },
        origin: { status: 206, fields: [...tagged, ["Content-Range", "bytes 0-1/10"]], body: "01" },
        expected: { from: "origin", status: 206, forwarded: { range: "bytes=0-1" } },
      },
      { after: 1, origin: { fields: tagged, body }, expected: { from: "origin", status: 200, body } },
    ],
  },
  {
    name: "a part of what is stale is asked about first",
    section: "9111 §4.3.1",
    steps: [
      { origin: { fields: [...control("max-age=1"), ["ETag", '"a"']], body }, expected: { from: "origin" } },
      {
        asked: { fields: [["Range", "bytes=0-1"]] },
        after: 2,
        origin: { status: 304, fields: tagged },
        expected: {
          from: "validated",
          status: 206,
          body: "01",
          forwarded: { range: undefined, "if-none-match": '"a"' },
        },
      },
      { asked: { fields: [["Range", "bytes=0-1"]] }, expected: { from: "cache", status: 206, body: "01" } },
    ],
  },
  {
    name: "a part of what has changed in the meantime",
    section: "9111 §4.3.3",
    steps: [
      { origin: { fields: [...control("max-age=1"), ["ETag", '"a"']], body }, expected: { from: "origin" } },
      {
        asked: { fields: [["Range", "bytes=0-1"]] },
        after: 2,
        origin: { fields: [...fresh, ["ETag", '"b"']], body: "abcdefghij" },
        expected: { from: "origin", status: 206, body: "ab" },
      },
      { after: 1, expected: { from: "cache", status: 200, body: "abcdefghij" } },
    ],
  },
  {
    name: "a part that is asked for if it is still this, of what has changed",
    section: "9110 §13.1.5",
    steps: [
      { origin: { fields: [...control("max-age=1"), ["ETag", '"a"']], body }, expected: { from: "origin" } },
      {
        asked: {
          fields: [
            ["Range", "bytes=0-1"],
            ["If-Range", '"a"'],
          ],
        },
        after: 2,
        origin: { fields: [...fresh, ["ETag", '"b"']], body: "abcdefghij" },
        expected: { from: "origin", status: 200, body: "abcdefghij" },
      },
    ],
  },
  {
    name: "a part of what is not stored is asked for with its condition",
    section: "9111 §3.3",
    steps: [
      {
        asked: {
          fields: [
            ["Range", "bytes=0-1"],
            ["If-Range", '"a"'],
          ],
        },
        origin: { status: 206, fields: [...tagged, ["Content-Range", "bytes 0-1/10"]], body: "01" },
        expected: { from: "origin", status: 206, forwarded: { range: "bytes=0-1", "if-range": '"a"' } },
      },
      {
        asked: { fields: [["Range", "bytes=0-1"]] },
        after: 1,
        origin: { status: 206, fields: [...tagged, ["Content-Range", "bytes 0-1/10"]], body: "01" },
        expected: { from: "origin", status: 206 },
      },
    ],
  },
  {
    name: "a whole that was sent instead of a part is whole",
    section: "9110 §14.2",
    steps: [
      {
        asked: { fields: [["Range", "bytes=0-1"]] },
        origin: { fields: tagged, body },
        expected: { from: "origin", status: 200, body },
      },
    ],
  },
  {
    name: "a part of what has broken off is no part of a whole",
    section: "9111 §3.3",
    steps: [
      { origin: { fields: tagged, body, breaks: "in the body" }, expected: { from: "origin" } },
      {
        asked: { fields: [["Range", "bytes=0-1"]] },
        after: 1,
        origin: { status: 206, fields: [...tagged, ["Content-Range", "bytes 0-1/10"]], body: "01" },
        expected: { from: "origin", status: 206, forwarded: { range: "bytes=0-1", "if-none-match": undefined } },
      },
    ],
  },
];
