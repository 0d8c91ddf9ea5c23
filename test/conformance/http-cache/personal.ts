import { type Asked, type CacheCase, control, fresh, notReused, reused, validated } from "./cache-case.ts";

/** Whom an answer is for: what one user was told, no other is (RFC 9111 §3.5, §7.3). */
const etag = ["ETag", '"a"'] as const;
const cookie: Asked = { fields: [["Cookie", "user=a; seen=1"]] };
const otherCookie: Asked = { fields: [["Cookie", "user=b; seen=1"]] };

export const personal: readonly CacheCase[] = [
  // Authorization
  ...["max-age=3600", "max-age=3600, proxy-revalidate", "max-age=3600, immutable"].map((value) =>
    notReused(
      `to who has said who they are, ${value}`,
      "9111 §3.5",
      { fields: control(value) },
      { asked: { fields: [["Authorization", "Bearer a"]] } },
    ),
  ),
  ...["max-age=3600, public", "max-age=3600, must-revalidate", "s-maxage=3600"].map((value) =>
    reused(
      `to who has said who they are, ${value}`,
      "9111 §3.5",
      { fields: control(value) },
      { asked: { fields: [["Authorization", "Bearer a"]] } },
    ),
  ),
  reused(
    "to others who have said so, what is public",
    "9111 §3.5",
    { fields: control("max-age=3600, public") },
    { asked: { fields: [["Authorization", "Bearer a"]] }, again: { fields: [["Authorization", "Bearer b"]] } },
  ),
  validated(
    "to who has said who they are, must-revalidate, and it is stale",
    "9111 §3.5",
    { fields: [...control("max-age=1, must-revalidate"), etag] },
    { asked: { fields: [["Authorization", "Bearer a"]] }, after: 2 },
  ),
  notReused(
    "for who has not said who they are, of one who has",
    "9111 §3.5",
    { fields: fresh },
    {
      asked: { fields: [["Authorization", "Bearer a"]] },
      again: {},
    },
  ),
  // Set-Cookie
  notReused("what sets a cookie", "9111 §7.3", { fields: [...fresh, ["Set-Cookie", "a=b"]] }),
  reused(
    "what sets a cookie, where it may be stripped",
    "9111 §7.3",
    { fields: [...fresh, ["Set-Cookie", "a=b"]] },
    {
      set: { setCookie: "strip" },
      expected: { fields: { "set-cookie": undefined } },
    },
  ),
  // Cookies: an answer to who has some is for others only if it says so.
  ...["max-age=3600", "max-age=3600, must-revalidate"].flatMap((value) => [
    notReused(`to who has a cookie, ${value}`, "9111 §7.3", { fields: control(value) }, { asked: cookie }),
    notReused(
      `of who has one, to who has none, ${value}`,
      "9111 §7.3",
      { fields: control(value) },
      {
        asked: cookie,
        again: {},
      },
    ),
    notReused(`of who has none, to who has one, ${value}`, "9111 §7.3", { fields: control(value) }, { again: cookie }),
  ]),
  ...["max-age=3600, public", "s-maxage=3600"].map((value) =>
    reused(
      `to others with a cookie, ${value}`,
      "9111 §7.3",
      { fields: control(value) },
      {
        asked: cookie,
        again: otherCookie,
      },
    ),
  ),
  reused(
    "to others with a cookie, what is meant for caches like this",
    "9213 §2.2",
    {
      fields: [["CDN-Cache-Control", "max-age=3600"]],
    },
    { asked: cookie, again: otherCookie },
  ),
  reused(
    "to who has the same cookie, what varies by it",
    "9111 §4.1",
    { fields: [...fresh, ["Vary", "Cookie"]] },
    {
      asked: cookie,
    },
  ),
  reused(
    "to others with a cookie, where cookies change nothing",
    "9111 §7.3",
    { fields: fresh },
    {
      set: { cookies: "ignore" },
      asked: cookie,
      again: otherCookie,
    },
  ),
  reused(
    "to who has the same cookie, where it is part of the key",
    "9111 §2",
    { fields: fresh },
    {
      set: { key: ["cookie:user"] },
      asked: cookie,
      again: { fields: [["Cookie", "seen=1; user=a"]] },
    },
  ),
  ...[otherCookie, {}, { fields: [["Cookie", "xuser=a"]] } satisfies Asked].map((again, i) =>
    notReused(
      `to who has ${["another", "none", "one of another name"][i]}, where it is`,
      "9111 §2",
      { fields: fresh },
      {
        set: { key: ["cookie:user"] },
        asked: cookie,
        again,
      },
    ),
  ),
  notReused(
    "to who says another thing in a field of the key",
    "9111 §2",
    { fields: fresh },
    {
      set: { key: ["x-tenant"] },
      asked: { fields: [["X-Tenant", "a"]] },
      again: { fields: [["X-Tenant", "b"]] },
    },
  ),
  notReused(
    "to who says nothing there",
    "9111 §2",
    { fields: fresh },
    {
      set: { key: ["x-tenant"] },
      asked: { fields: [["X-Tenant", "a"]] },
      again: {},
    },
  ),
  reused(
    "to who says the same there",
    "9111 §2",
    { fields: fresh },
    {
      set: { key: ["x-tenant"] },
      asked: { fields: [["X-Tenant", "a"]] },
    },
  ),
];
