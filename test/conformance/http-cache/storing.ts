import { type CacheCase, control, dateIn, fresh, notReused, reused, validated } from "./cache-case.ts";

/** What may be stored (RFC 9111 §3). */
const explicit = [
  200, 201, 202, 203, 204, 299, 300, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 406, 409, 410, 414, 422, 429,
  451, 499, 500, 501, 502, 503, 504, 599,
];

const etag = ["ETag", '"a"'] as const;

export const storing: readonly CacheCase[] = [
  ...explicit.map((status) =>
    reused(`${status} with a lifetime`, "9111 §3", { status, fields: fresh, body: status === 204 ? "" : "x" }),
  ),
  ...explicit.map((status) =>
    reused(`${status} with Expires`, "9111 §3", {
      status,
      fields: [
        ["Expires", dateIn(3_600)],
        ["Date", dateIn(0)],
      ],
      body: status === 204 ? "" : "x",
    }),
  ),
  ...[201, 202, 403, 500, 502, 503, 504].map((status) =>
    notReused(`${status} that says nothing`, "9111 §3", { status }),
  ),
  notReused("200 that says nothing, without heuristics", "9111 §4.2.2", {}),
  notReused(
    "a part, with a lifetime",
    "9111 §3.3",
    {
      status: 206,
      fields: [...fresh, ["Content-Range", "bytes 0-0/10"]],
      body: "x",
    },
    { asked: { fields: [["Range", "bytes=0-0"]] } },
  ),
  ...["POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map((method) =>
    notReused(
      `the answer to ${method}`,
      "9111 §3",
      { fields: fresh },
      { asked: { method, ...(method === "OPTIONS" ? {} : { body: "x" }) } },
    ),
  ),
  notReused(
    "the answer to POST, for GET",
    "9111 §3",
    { fields: fresh },
    { asked: { method: "POST", body: "x" }, again: {} },
  ),
  notReused("the answer to HEAD, for GET", "9111 §3", { fields: fresh }, { asked: { method: "HEAD" }, again: {} }),
  reused(
    "the answer to GET, for HEAD",
    "9110 §9.3.2",
    { fields: fresh, body: "whole" },
    {
      again: { method: "HEAD" },
      expected: { body: "", fields: { "content-length": "5" } },
    },
  ),
  notReused("the answer to GET, for POST", "9111 §4", { fields: fresh }, { again: { method: "POST", body: "x" } }),
  notReused("the answer for another query", "9111 §4", { fields: fresh }, { again: { path: "/?b" } }),
  notReused("the answer for another path", "9111 §4", { fields: fresh }, { again: { path: "/other" } }),
  notReused("the answer for another host", "9111 §4", { fields: fresh }, { again: { host: "b.test" } }),
  reused("the answer for a host in other letters", "9110 §4.2.3", { fields: fresh }, { again: { host: "A.TEST" } }),
  // no-store
  ...[
    "no-store",
    "No-Store",
    "max-age=3600, no-store",
    "no-store, max-age=3600",
    "no-store=1, max-age=3600",
    "no-store,",
    ", no-store, max-age=3600",
  ].map((value) =>
    notReused(`what says ${value}`, "9111 §5.2.2.5", { fields: [...control(value), ["Expires", dateIn(3_600)]] }),
  ),
  notReused("what says no-store in a second line", "9111 §5.2.2.5", { fields: [...fresh, ...control("no-store")] }),
  reused("no-store within a quotation is none", "9111 §5.2", { fields: control('x="no-store, y", max-age=3600') }),
  reused("a directive whose name only begins so", "9111 §5.2", { fields: control("no-store-please, max-age=3600") }),
  notReused(
    "what the client says no-store of",
    "9111 §5.2.1.5",
    { fields: fresh },
    { asked: { fields: control("no-store") } },
  ),
  notReused(
    "nor for who does not say so",
    "9111 §5.2.1.5",
    { fields: fresh },
    { asked: { fields: control("no-store") }, again: {} },
  ),
  // must-understand
  reused("must-understand, of a status that is understood", "9111 §5.2.2.3", {
    fields: control("max-age=3600, must-understand"),
  }),
  reused("no-store with must-understand, of a status that is understood", "9111 §5.2.2.3", {
    fields: control("max-age=3600, must-understand, no-store"),
  }),
  notReused("must-understand, of a status that is not", "9111 §5.2.2.3", {
    status: 499,
    fields: control("max-age=3600, must-understand"),
  }),
  notReused("must-understand and no-store, of a status that is not", "9111 §5.2.2.3", {
    status: 499,
    fields: control("max-age=3600, must-understand, no-store"),
  }),
  // private
  ...[
    "private, max-age=3600",
    "Private, max-age=3600",
    "max-age=3600, private",
    'private="',
    "private, s-maxage=3600",
  ].map((value) => notReused(`what says ${value}`, "9111 §5.2.2.7", { fields: control(value) })),
  reused(
    'private="x-user" is kept without that field',
    "9111 §5.2.2.7",
    { fields: [...control('max-age=3600, private="x-user"'), ["X-User", "a"], ["X-Other", "b"]] },
    {
      expected: { fields: { "x-user": undefined, "x-other": "b" } },
    },
  ),
  reused(
    'private="set-cookie" is kept without it',
    "9111 §5.2.2.7",
    { fields: [...control('max-age=3600, private="Set-Cookie"'), ["Set-Cookie", "a=b"]] },
    {
      expected: { fields: { "set-cookie": undefined } },
    },
  ),
  reused(
    "private=x-user, without quotes",
    "9111 §5.2",
    { fields: [...control("max-age=3600, private=x-user"), ["X-User", "a"]] },
    { expected: { fields: { "x-user": undefined } } },
  ),
  reused(
    'private="x-a, X-B" is kept without either',
    "9111 §5.2.2.7",
    { fields: [...control('max-age=3600, private="x-a, X-B"'), ["X-A", "1"], ["x-b", "2"], ["X-C", "3"]] },
    { expected: { fields: { "x-a": undefined, "x-b": undefined, "x-c": "3" } } },
  ),
  notReused('private="x-user", and private', "9111 §5.2.2.7", {
    fields: control('max-age=3600, private="x-user", private'),
  }),
  {
    name: 'who asked has what private="x-user" withholds from others',
    section: "9111 §5.2.2.7",
    steps: [
      {
        origin: { fields: [...control('max-age=3600, private="x-user"'), ["X-User", "a"]] },
        expected: { from: "origin", fields: { "x-user": "a" } },
      },
    ],
  },
  validated('no-cache="x-user", and no-cache', "9111 §5.2.2.4", {
    fields: [...control('max-age=3600, no-cache="x-user", no-cache'), etag],
  }),
  reused(
    'no-cache="x-user" is kept without that field',
    "9111 §5.2.2.4",
    { fields: [...control('max-age=3600, no-cache="x-user"'), ["X-User", "a"]] },
    {
      expected: { fields: { "x-user": undefined } },
    },
  ),
  // Bodies
  reused("a body that ends with its connection", "9112 §8", { fields: fresh, framing: "close" }),
  notReused("chunks that break off", "9112 §8", {
    fields: fresh,
    framing: "chunked",
    breaks: "in the body",
    body: "0123456789",
  }),
  reused("a body that came in chunks", "9112 §7.1", { fields: fresh, framing: "chunked", body: "in chunks" }),
  reused("an empty body", "9111 §3", { fields: fresh, body: "" }),
  notReused("a body that broke off", "9111 §3.3", { fields: fresh, breaks: "in the body", body: "0123456789" }),
  reused("a body of a megabyte", "9111 §3", { fields: fresh, body: "x".repeat(1_000_000) }),
  // Of no use
  notReused("what is never fresh, and has nothing to be validated by", "9111 §4.3.1", { fields: control("no-cache") }),
  validated("what is never fresh, and has a tag", "9111 §5.2.2.4", { fields: [...control("no-cache"), etag] }),
  validated("what is stale from the beginning, and has a tag", "9111 §4.3.1", {
    fields: [...control("max-age=0"), etag],
  }),
  notReused("Vary: *", "9111 §4.1", { fields: [...fresh, ["Vary", "*"]] }),
  notReused("Vary with * among others", "9111 §4.1", { fields: [...fresh, ["Vary", "Accept, *"]] }),
];
