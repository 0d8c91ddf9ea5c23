import { type CacheCase, control, fresh, reused } from "./cache-case.ts";

/** Which fields are kept of what is stored (RFC 9111 §3.1), and what is passed on. */
export const keptFields: readonly CacheCase[] = [
  ...[
    "Connection",
    "Keep-Alive",
    "Proxy-Connection",
    "Proxy-Authenticate",
    "Proxy-Authentication-Info",
    "TE",
    "Upgrade",
  ].map((name) =>
    reused(
      `${name} is not kept`,
      "9111 §3.1",
      { fields: [...fresh, [name, name === "Connection" ? "close" : "x"]] },
      {
        expected: { fields: name === "Connection" || name === "Keep-Alive" ? {} : { [name.toLowerCase()]: undefined } },
      },
    ),
  ),
  reused(
    "nor what Connection names",
    "9111 §3.1",
    { fields: [...fresh, ["Connection", "X-Hop"], ["X-Hop", "a"], ["X-End", "b"]] },
    {
      expected: { fields: { "x-hop": undefined, "x-end": "b" } },
    },
  ),
  ...[
    "Content-Type",
    "Content-Language",
    "Content-Location",
    "Link",
    "X-Unknown",
    "ETag",
    "Last-Modified",
    "Location",
    "Server-Timing",
  ].map((name) =>
    reused(
      `${name} is kept`,
      "9111 §3.1",
      {
        fields: [
          ...fresh,
          [name, name === "ETag" ? '"a"' : name === "Last-Modified" ? "Fri, 20 Nov 2026 12:00:00 GMT" : "/x"],
        ],
      },
      {
        expected: { fields: { [name.toLowerCase()]: /./ } },
      },
    ),
  ),
  reused(
    "fields of one name are kept, each",
    "9110 §5.3",
    { fields: [...fresh, ["X-A", "1"], ["X-A", "2"]] },
    { expected: { fields: { "x-a": "1, 2" } } },
  ),
  ...["max-age=3600, x-unknown", 'MAX-AGE=3600, x="y, z"', "public,max-age=3600"].map((value) =>
    reused(
      `Cache-Control: ${value} is passed on as it is`,
      "9111 §5.2",
      { fields: control(value) },
      { expected: { fields: { "cache-control": value } } },
    ),
  ),
  {
    name: "what a client says of caching is passed on",
    section: "9111 §5.2",
    steps: [
      {
        asked: { fields: control("max-age=60, no-transform, x-unknown=1") },
        origin: { fields: fresh },
        expected: { from: "origin", forwarded: { "cache-control": "max-age=60, no-transform, x-unknown=1" } },
      },
    ],
  },
  reused("what nobody knows means nothing", "9111 §5.2.3", { fields: control('community="a", x, max-age=3600') }),
  {
    name: "what comes before an answer is passed on, and not kept",
    section: "9110 §15.2",
    steps: [
      {
        origin: { fields: fresh, interim: [{ status: 103, fields: [["Link", "</a.css>; rel=preload"]] }] },
        expected: { from: "origin", interim: [103] },
      },
      { after: 1, expected: { from: "cache", bodyOf: 0, interim: [], fields: { link: undefined } } },
    ],
  },
];
