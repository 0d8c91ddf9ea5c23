import {
  type CacheCase,
  control,
  dateIn,
  type Fields,
  fresh,
  noon,
  notReused,
  reused,
  validated,
} from "./cache-case.ts";

/** For how long what is stored is fresh (RFC 9111 §4.2), and how old it is. */
const expires = (seconds: number, dateSeconds = 0): Fields => [
  ["Expires", dateIn(seconds)],
  ["Date", dateIn(dateSeconds)],
];

const invalidDates: readonly string[] = [
  "0",
  "-1",
  "",
  "now",
  "Sat, 21 Nov 2099 12:00:00",
  "Sat, 21 Nov 2099 12:00:00 UTC",
  "Sat, 21 Nov 2099 12:00:00 EST",
  "Sat, 21 Nov 2099 12:00:00 +0000",
  "Sat, 21 Nov 2099 1:00:00 GMT",
  "Sat, 1 Nov 2099 12:00:00 GMT",
  "Sat, 21 Nov 99 12:00:00 GMT",
  "Sat, 21-Nov-2099 12:00:00 GMT",
  "Sat, 31 Feb 2099 12:00:00 GMT",
  "2099-11-21T12:00:00Z",
  "4098945600",
];

const validDates: readonly string[] = [
  "Sat, 21 Nov 2099 12:00:00 GMT",
  "Saturday, 21-Nov-65 12:00:00 GMT",
  "Sat Nov 21 12:00:00 2099",
  "Sun Nov  1 12:00:00 2099",
  "sat, 21 nov 2099 12:00:00 gmt",
];

export const freshness: readonly CacheCase[] = [
  reused("max-age", "9111 §5.2.2.1", { fields: control("max-age=10") }, { after: 9 }),
  notReused("max-age is over", "9111 §4.2", { fields: control("max-age=10") }, { after: 11 }),
  notReused("max-age is over to the second", "9111 §4.2", { fields: control("max-age=10") }, { after: 10 }),
  notReused("max-age=0", "9111 §5.2.2.1", { fields: control("max-age=0") }),
  reused("max-age that no integer of 32 bits holds", "9111 §1.2.2", { fields: control("max-age=4294967296") }),
  reused("max-age beyond all measure", "9111 §1.2.2", { fields: control(`max-age=${"9".repeat(40)}`) }),
  reused("max-age with zeros before it", "9111 §1.2.2", { fields: control("max-age=0003600") }),
  reused("max-age in quotes", "9111 §5.2", { fields: control('max-age="3600"') }),
  reused("MAX-AGE", "9111 §5.2", { fields: control("MAX-AGE=3600") }),
  reused("max-age among others", "9111 §5.2", { fields: control("a, b=c, max-age=3600, d") }),
  reused("max-age in the second line", "9110 §5.3", { fields: [...control("public"), ...control("max-age=3600")] }),
  reused("max-age within a quotation is none", "9111 §5.2", { fields: [...control('x="max-age=0", max-age=3600')] }),
  notReused("nor does it make anything fresh", "9111 §5.2", { fields: control('x="max-age=3600"') }),
  notReused("nor behind an escaped quote", "9111 §5.2", { fields: control('x="a\\", max-age=3600"') }),
  ...["-1", "a", "3600.5", "'3600'", "3600s", "", " 3600", "+3600", "0x100", "1e3"].map((value) =>
    notReused(`max-age=${value}, which is no number of seconds`, "9111 §4.2.1", {
      fields: control(`max-age=${value}`),
    }),
  ),
  notReused("max-age, and a space before the =", "9111 §5.2", { fields: control("max-age =3600") }),
  notReused("max-age without a number", "9111 §5.2.2.1", { fields: control("max-age") }),
  notReused("a max-age that cannot be read, whatever Expires says", "9111 §5.3", {
    fields: [...control("max-age=a"), ...expires(3_600)],
  }),
  notReused("the first of two max-ages", "9111 §4.2.1", { fields: control("max-age=1, max-age=3600") }, { after: 2 }),
  // s-maxage
  reused("s-maxage", "9111 §5.2.2.10", { fields: control("s-maxage=10") }, { after: 9 }),
  reused("s-maxage before max-age", "9111 §5.2.2.10", { fields: control("max-age=1, s-maxage=10") }, { after: 9 }),
  notReused(
    "s-maxage before a longer max-age",
    "9111 §5.2.2.10",
    { fields: control("max-age=100, s-maxage=10") },
    { after: 11 },
  ),
  notReused("s-maxage=0 before max-age", "9111 §5.2.2.10", { fields: control("s-maxage=0, max-age=3600") }),
  notReused("s-maxage that cannot be read before max-age", "9111 §4.2.1", {
    fields: control("s-maxage=a, max-age=3600"),
  }),
  notReused(
    "s-maxage before Expires",
    "9111 §5.2.2.10",
    { fields: [...control("s-maxage=1"), ...expires(3_600)] },
    { after: 2 },
  ),
  // Expires
  reused("Expires", "9111 §5.3", { fields: expires(10) }, { after: 9 }),
  notReused("Expires is over", "9111 §5.3", { fields: expires(10) }, { after: 11 }),
  notReused("Expires in the past", "9111 §5.3", { fields: expires(-10) }),
  notReused("Expires at Date", "9111 §4.2.1", { fields: expires(0) }),
  reused("Expires without a Date", "9110 §6.6.1", { fields: [["Expires", dateIn(10)]] }, { after: 9 }),
  notReused("Expires is over, without a Date", "9110 §6.6.1", { fields: [["Expires", dateIn(10)]] }, { after: 11 }),
  reused(
    "Expires counts from Date, whatever the time is here",
    "9111 §4.2.1",
    { fields: expires(105, 100) },
    { after: 4 },
  ),
  notReused("and no longer than from there", "9111 §4.2.1", { fields: expires(105, 100) }, { after: 6 }),
  notReused("what has been on its way for longer than that", "9111 §4.2.3", { fields: expires(-90, -100) }),
  notReused("Expires before Date", "9111 §4.2.1", { fields: expires(3_600, 7_200) }),
  reused("max-age before Expires in the past", "9111 §5.3", { fields: [...fresh, ...expires(-10)] }),
  notReused("max-age=0 before Expires", "9111 §5.3", { fields: [...control("max-age=0"), ...expires(3_600)] }),
  ...validDates.map((date) => reused(`Expires: ${date}`, "9110 §5.6.7", { fields: [["Expires", date]] })),
  ...invalidDates.map((date) =>
    notReused(`Expires: ${JSON.stringify(date)}`, "9111 §5.3", { fields: [["Expires", date]] }),
  ),
  notReused("the first of two Expires", "9111 §4.2.1", {
    fields: [
      ["Expires", "0"],
      ["Expires", "Sat, 21 Nov 2099 12:00:00 GMT"],
    ],
  }),
  // Pragma
  reused("Pragma of an answer means nothing", "9111 §5.4", { fields: [...fresh, ["Pragma", "no-cache"]] }),
  notReused("nor does it make anything fresh", "9111 §5.4", { fields: [["Pragma", "cache"]] }),
  // Age
  notReused("older than it may be when it comes", "9111 §4.2.3", {
    fields: [...control("max-age=3600"), ["Age", "3600"]],
  }),
  reused("nearly so", "9111 §4.2.3", { fields: [...control("max-age=3600"), ["Age", "3590"]] }, { after: 8 }),
  notReused("as old as its Date says", "9111 §4.2.3", { fields: [...control("max-age=10"), ["Date", dateIn(-10)]] }),
  reused(
    "a Date in the future makes nothing younger, or older",
    "9111 §4.2.3",
    { fields: [...control("max-age=10"), ["Date", dateIn(100)]] },
    { after: 9 },
  ),
  notReused(
    "nor keeps it for longer",
    "9111 §4.2.3",
    { fields: [...control("max-age=10"), ["Date", dateIn(100)]] },
    { after: 11 },
  ),
  notReused(
    "the time that the request took counts",
    "9111 §4.2.3",
    { fields: control("max-age=10"), takes: 6 },
    { after: 5 },
  ),
  reused("the first of several Ages", "9111 §5.1", { fields: [...fresh, ["Age", "0, 7200"]] }),
  notReused("the first of several Ages, the older", "9111 §5.1", { fields: [...fresh, ["Age", "7200, 0"]] }),
  notReused("the first of several Ages, in lines", "9111 §5.1", { fields: [...fresh, ["Age", "7200"], ["Age", "0"]] }),
  ...["abc", "-1", "7200.0", ""].map((age) =>
    reused(`Age: ${JSON.stringify(age)} counts for nothing`, "9111 §5.1", { fields: [...fresh, ["Age", age]] }),
  ),
  notReused("Age beyond all measure", "9111 §1.2.2", { fields: [...fresh, ["Age", "99999999999999"]] }),
  reused(
    "Age is said of what is stored",
    "9111 §5.1",
    { fields: fresh },
    { after: 5, expected: { fields: { age: "5" } } },
  ),
  reused(
    "Age adds up along the way",
    "9111 §4.2.3",
    { fields: [...fresh, ["Age", "100"]] },
    { after: 5, expected: { fields: { age: "105" } } },
  ),
  reused(
    "the time that it took is part of its Age",
    "9111 §4.2.3",
    { fields: fresh, takes: 3 },
    { after: 5, expected: { fields: { age: "8" } } },
  ),
  {
    name: "what its origin has just said has no Age",
    section: "9111 §5.1",
    steps: [{ origin: { fields: fresh }, expected: { from: "origin", fields: { age: undefined } } }],
  },
  validated(
    "nor has what it has just said to be good the one of before",
    "9111 §5.1",
    { fields: [...control("max-age=10"), ["ETag", '"a"']] },
    { after: 20, expected: { fields: { age: /^(?:0|\(none\))$/ } } },
  ),
  reused(
    "an Age that cannot be read is replaced",
    "9111 §5.1",
    { fields: [...fresh, ["Age", "x"]] },
    { after: 5, expected: { fields: { age: "5" } } },
  ),
  reused(
    "Date stays as the origin has said it",
    "9110 §6.6.1",
    { fields: [...fresh, ["Date", "Fri, 01 Jan 2100 00:00:00 GMT"]] },
    {
      expected: { fields: { date: "Fri, 01 Jan 2100 00:00:00 GMT" } },
    },
  ),
  reused(
    "what has no Date is given that of when it came",
    "9110 §6.6.1",
    { fields: fresh },
    { after: 5, expected: { fields: { date: new Date(noon).toUTCString() } } },
  ),
  // Heuristics
  ...[200, 203, 204, 300, 301, 308, 404, 410].map((status) =>
    reused(
      `${status} for a tenth of its time, where that is wanted`,
      "9111 §4.2.2",
      {
        status,
        fields: [
          ["Last-Modified", dateIn(-1_000)],
          ["Date", dateIn(0)],
        ],
        body: status === 204 ? "" : "x",
      },
      {
        set: { heuristic: "1d" },
        after: 99,
      },
    ),
  ),
  notReused(
    "no longer than a tenth",
    "9111 §4.2.2",
    { fields: [["Last-Modified", dateIn(-1_000)]] },
    { set: { heuristic: "1d" }, after: 101, originAgain: {} },
  ),
  notReused(
    "no longer than is set",
    "9111 §4.2.2",
    { fields: [["Last-Modified", dateIn(-1_000_000)]] },
    { set: { heuristic: "60s" }, after: 61, originAgain: {} },
  ),
  notReused(
    "not where the origin has set a time",
    "9111 §4.2.2",
    {
      fields: [
        ["Last-Modified", dateIn(-1_000_000)],
        ["Expires", "0"],
      ],
    },
    { set: { heuristic: "1d" }, originAgain: {} },
  ),
  ...[201, 302, 500].map((status) =>
    notReused(
      `not of ${status}`,
      "9111 §4.2.2",
      { status, fields: [["Last-Modified", dateIn(-1_000_000)]] },
      { set: { heuristic: "1d" } },
    ),
  ),
  reused(
    "but of 201 that is public",
    "9111 §4.2.2",
    { status: 201, fields: [...control("public"), ["Last-Modified", dateIn(-1_000_000)]] },
    { set: { heuristic: "1d" } },
  ),
  // The config's word for origins that say nothing.
  reused("nothing is said, and the config says how long", "9111 §4.2.1", {}, { set: { ttl: "10s" }, after: 9 }),
  notReused("as long as that", "9111 §4.2.1", {}, { set: { ttl: "10s" }, after: 11 }),
  notReused(
    "what the origin says counts before it",
    "9111 §4.2.1",
    { fields: control("max-age=0") },
    { set: { ttl: "10s" } },
  ),
  ...[201, 302, 403, 500, 503].map((status) =>
    notReused(`not of ${status}, which says nothing`, "9111 §3", { status }, { set: { ttl: "10s" } }),
  ),
  reused(
    "of 302 that is public",
    "9111 §5.2.2.9",
    { status: 302, fields: control("public") },
    { set: { ttl: "10s" }, after: 9 },
  ),
  notReused("private counts before it", "9111 §5.2.2.7", { fields: control("private") }, { set: { ttl: "10s" } }),
  notReused("so does no-cache", "9111 §5.2.2.4", { fields: control("no-cache") }, { set: { ttl: "10s" } }),
  notReused(
    "so does what is said to who has said who they are",
    "9111 §3.5",
    {},
    { set: { ttl: "10s" }, asked: { fields: [["Authorization", "a"]] } },
  ),
  notReused("so does a cookie", "9111 §7.3", { fields: [["Set-Cookie", "a=b"]] }, { set: { ttl: "10s" } }),
  notReused("so does Vary: *", "9111 §4.1", { fields: [["Vary", "*"]] }, { set: { ttl: "10s" } }),
  notReused("so does an Expires that is over", "9111 §5.3", { fields: [["Expires", "0"]] }, { set: { ttl: "10s" } }),
  notReused("no-store counts before it", "9111 §4.2.1", { fields: control("no-store") }, { set: { ttl: "10s" } }),
];
