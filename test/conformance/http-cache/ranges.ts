import { type CacheCase, control, type Expected, type Fields, fresh, type OriginAnswer } from "./cache-case.ts";

/** Parts of what is stored whole (RFC 9110 §14, RFC 9111 §3.3, §3.4). */
const body = "0123456789";
const modified = "Fri, 20 Nov 2026 12:00:00 GMT";
const tagged: Fields = [...fresh, ["ETag", '"a"']];
const dated: Fields = [...fresh, ["Last-Modified", modified]];

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
  part("several", "9110 §14.6", "bytes=0-1,8-9", {
    status: 206,
    fields: { "content-type": /^multipart\/byteranges; *boundary=/ },
    body: undefined,
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
  // If-Range
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
  // What is not stored.
  {
    name: "a part is asked for as a part, and is nobody else's whole",
    section: "9111 §3.3",
    steps: [
      {
        asked: { fields: [["Range", "bytes=0-1"]] },
        origin: { status: 206, fields: [...tagged, ["Content-Range", "bytes 0-1/10"]], body: "01" },
        expected: { from: "origin", status: 206 },
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
        origin: { status: 304, fields: [["ETag", '"a"']] },
        expected: { from: "validated", status: 206, body: "01" },
      },
    ],
  },
];
