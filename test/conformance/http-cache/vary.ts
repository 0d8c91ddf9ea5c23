import { type CacheCase, control, type Fields, fresh, notReused, reused } from "./cache-case.ts";

/** Which of several answers is the one that was asked for (RFC 9111 §4.1). */
const by = (names: string, ...more: Fields): { fields: Fields } => ({ fields: [...fresh, ["Vary", names], ...more] });
const asked = (...fields: Fields): { fields: Fields } => ({ fields });

export const vary: readonly CacheCase[] = [
  reused("the same field", "9111 §4.1", by("X"), { asked: asked(["X", "1"]) }),
  notReused("another value", "9111 §4.1", by("X"), { asked: asked(["X", "1"]), again: asked(["X", "2"]) }),
  notReused("no value", "9111 §4.1", by("X"), { asked: asked(["X", "1"]), again: {} }),
  notReused("a value where there was none", "9111 §4.1", by("X"), { again: asked(["X", "1"]) }),
  reused("none, both times", "9111 §4.1", by("X")),
  notReused("an empty value is not none", "9111 §4.1", by("X"), { again: asked(["X", ""]) }),
  reused("fields that it does not vary by", "9111 §4.1", by("X"), {
    asked: asked(["X", "1"], ["Y", "1"]),
    again: asked(["X", "1"], ["Y", "2"]),
  }),
  reused("names in any case", "9110 §5.1", by("x-A"), { asked: asked(["X-a", "1"]), again: asked(["x-a", "1"]) }),
  notReused("one of two", "9111 §4.1", by("X, Y"), {
    asked: asked(["X", "1"], ["Y", "1"]),
    again: asked(["X", "1"], ["Y", "2"]),
  }),
  notReused("one of two, in lines", "9111 §4.1", by("X", ["Vary", "Y"]), {
    asked: asked(["X", "1"], ["Y", "1"]),
    again: asked(["X", "1"], ["Y", "2"]),
  }),
  reused("two, in another order", "9111 §4.1", by("X, Y"), {
    asked: asked(["X", "1"], ["Y", "1"]),
    again: asked(["Y", "1"], ["X", "1"]),
  }),
  reused("space around commas", "9111 §4.1", by("X"), { asked: asked(["X", "a, b"]), again: asked(["X", "a ,b"]) }),
  reused("lines of one field", "9111 §4.1", by("X"), {
    asked: asked(["X", "a, b"]),
    again: asked(["X", "a"], ["X", "b"]),
  }),
  notReused("another order of values", "9111 §4.1", by("X"), {
    asked: asked(["X", "a, b"]),
    again: asked(["X", "b, a"]),
  }),
  notReused("values in other letters", "9111 §4.1", by("X"), { asked: asked(["X", "a"]), again: asked(["X", "A"]) }),
  reused("codings in another order", "9111 §4.1", by("Accept-Encoding"), {
    asked: asked(["Accept-Encoding", "gzip, br"]),
    again: asked(["Accept-Encoding", "br, gzip"]),
  }),
  reused("codings weighed otherwise", "9111 §4.1", by("Accept-Encoding"), {
    asked: asked(["Accept-Encoding", "gzip;q=0.5, br"]),
    again: asked(["Accept-Encoding", "gzip, br"]),
  }),
  notReused("a coding less", "9111 §4.1", by("Accept-Encoding"), {
    asked: asked(["Accept-Encoding", "gzip, br"]),
    again: asked(["Accept-Encoding", "gzip"]),
  }),
  notReused("a coding that is refused", "9111 §4.1", by("Accept-Encoding"), {
    asked: asked(["Accept-Encoding", "gzip"]),
    again: asked(["Accept-Encoding", "gzip;q=0"]),
  }),
  reused("languages in other letters", "9111 §4.1", by("Accept-Language"), {
    asked: asked(["Accept-Language", "de, en;q=0.5"]),
    again: asked(["Accept-Language", "DE,en;q=0.50"]),
  }),
  notReused("another language first", "9111 §4.1", by("Accept-Language"), {
    asked: asked(["Accept-Language", "de, en"]),
    again: asked(["Accept-Language", "en, de"]),
  }),
  notReused("the cookie of another", "9111 §4.1", by("Cookie"), {
    asked: asked(["Cookie", "user=a"]),
    again: asked(["Cookie", "user=b"]),
  }),
  notReused(
    "the token of another",
    "9111 §4.1",
    { fields: [...control("max-age=3600, public"), ["Vary", "Authorization"]] },
    { asked: asked(["Authorization", "a"]), again: asked(["Authorization", "b"]) },
  ),
  reused("the same cookie", "9111 §4.1", by("Cookie"), { asked: asked(["Cookie", "user=a"]) }),
  reused("Vary that names nothing", "9110 §12.5.5", by(""), { again: asked(["X", "1"]) }),
  notReused("an empty name among others", "9110 §12.5.5", by("X, , Y"), {
    asked: asked(["Y", "1"]),
    again: asked(["Y", "2"]),
  }),
  notReused("a name twice", "9110 §12.5.5", by("X, x"), { asked: asked(["X", "1"]), again: asked(["X", "2"]) }),
  notReused("values that only begin alike", "9111 §4.1", by("X"), {
    asked: asked(["X", "1"]),
    again: asked(["X", "11"]),
  }),
  notReused("values that change places", "9111 §4.1", by("X, Y"), {
    asked: asked(["X", "1"], ["Y", "2"]),
    again: asked(["X", "2"], ["Y", "1"]),
  }),
  notReused("a value of one field in the other", "9111 §4.1", by("X, Y"), {
    asked: asked(["X", "1"]),
    again: asked(["Y", "1"]),
  }),
  reused("for HEAD as for GET", "9111 §4.1", by("X"), {
    asked: asked(["X", "1"]),
    again: { method: "HEAD", ...asked(["X", "1"]) },
    expected: { body: "" },
  }),
  notReused("nor for HEAD what is another's", "9111 §4.1", by("X"), {
    asked: asked(["X", "1"]),
    again: { method: "HEAD", ...asked(["X", "2"]) },
  }),
  notReused("a coding where none is known", "9111 §4.1", by("Accept-Encoding"), {
    asked: asked(["Accept-Encoding", "gzip"]),
    again: asked(),
  }),
  {
    name: "what is said to vary only when it is asked about again",
    section: "9111 §4.3.4",
    steps: [
      { origin: { fields: [...control("max-age=1"), ["ETag", '"a"']] }, expected: { from: "origin" } },
      {
        asked: asked(["X", "1"]),
        after: 2,
        origin: { status: 304, fields: [...fresh, ["ETag", '"a"'], ["Vary", "X"]] },
        expected: { from: "validated", bodyOf: 0 },
      },
      { asked: asked(["X", "2"]), after: 1, origin: by("X"), expected: { from: "origin" } },
      { asked: asked(["X", "1"]), after: 1, expected: { from: "cache", bodyOf: 0 } },
    ],
  },
  {
    name: "several are kept side by side",
    section: "9111 §4.1",
    steps: [
      { asked: asked(["X", "1"]), origin: by("X"), expected: { from: "origin" } },
      { asked: asked(["X", "2"]), origin: by("X"), expected: { from: "origin" } },
      { asked: asked(["X", "1"]), expected: { from: "cache", bodyOf: 0 } },
      { asked: asked(["X", "2"]), expected: { from: "cache", bodyOf: 1 } },
    ],
  },
  {
    name: "of two that fit, the newest",
    section: "9111 §4",
    steps: [
      { asked: asked(["X", "1"]), origin: { fields: fresh }, expected: { from: "origin" } },
      {
        asked: asked(["X", "1"], ["Cache-Control", "no-cache"]),
        after: 1,
        origin: by("X"),
        expected: { from: "origin" },
      },
      { asked: asked(["X", "1"]), after: 1, expected: { from: "cache", bodyOf: 1 } },
    ],
  },
  {
    name: "what is stale is asked about among those of its kind",
    section: "9111 §4.3.1",
    steps: [
      {
        asked: asked(["X", "1"]),
        origin: { fields: [...control("max-age=1"), ["Vary", "X"], ["ETag", '"1"']] },
        expected: { from: "origin" },
      },
      {
        asked: asked(["X", "2"]),
        origin: { fields: [...control("max-age=1"), ["Vary", "X"], ["ETag", '"2"']] },
        expected: { from: "origin" },
      },
      {
        asked: asked(["X", "1"]),
        after: 2,
        origin: { fields: [...control("max-age=1"), ["Vary", "X"], ["ETag", '"1"']] },
        expected: { from: "validated", bodyOf: 0, forwarded: { "if-none-match": /"1"/ } },
      },
    ],
  },
];
