import { type Asked, type CacheCase, type Fields, fresh, type OriginAnswer, type Source } from "./cache-case.ts";

/** What a request that may have changed something leaves of what is stored (RFC 9111 §4.4, RFC 9875). */
function after(
  name: string,
  section: string,
  given: { stored?: Asked & { tags?: Fields }; changes: Asked; answer?: OriginAnswer; nextFrom: Source },
): CacheCase {
  const { stored = {}, changes, answer = {}, nextFrom } = given;
  return {
    name,
    section,
    steps: [
      { asked: stored, origin: { fields: [...fresh, ...(stored.tags ?? [])] }, expected: { from: "origin" } },
      {
        asked: { ...(changes.method === "POST" ? { body: "x" } : {}), ...changes },
        after: 1,
        origin: answer,
        expected: { from: "origin" },
      },
      {
        asked: stored,
        after: 1,
        origin: { fields: fresh },
        expected: nextFrom === "cache" ? { from: nextFrom, bodyOf: 0 } : { from: nextFrom },
      },
    ],
  };
}

const post: Asked = { method: "POST" };
const elsewhere: Asked = { method: "POST", path: "/elsewhere" };
const manyGroups = Array.from({ length: 32 }, (_, i) => `"${String(i).padStart(32, "g")}"`);
const groups: Fields = [["Cache-Groups", '"articles", "feed"']];

export const invalidation: readonly CacheCase[] = [
  ...["POST", "PUT", "PATCH", "DELETE"].map((method) =>
    after(`${method} of the same`, "9111 §4.4", { changes: { method, body: "x" }, nextFrom: "origin" }),
  ),
  after("a method that nobody knows", "9111 §4.4", { changes: { method: "M-SEARCH" }, nextFrom: "origin" }),
  after("OPTIONS changes nothing", "9110 §9.2.1", {
    changes: { method: "OPTIONS" },
    answer: { fields: fresh, body: "" },
    nextFrom: "cache",
  }),
  {
    name: "HEAD changes nothing",
    section: "9110 §9.2.1",
    steps: [
      { origin: { fields: fresh, body: "as ever" }, expected: { from: "origin" } },
      {
        asked: { method: "HEAD", fields: [["Cache-Control", "no-cache"]] },
        after: 1,
        origin: { fields: fresh, body: "as ever" },
        expected: { from: "origin", body: "" },
      },
      { after: 1, expected: { from: "cache", body: "as ever" } },
    ],
  },
  ...[200, 201, 202, 204, 301, 303, 307].map((status) =>
    after(`POST, answered with ${status}`, "9111 §4.4", {
      changes: post,
      answer: { status, body: "" },
      nextFrom: "origin",
    }),
  ),
  ...[400, 401, 403, 404, 409, 422, 500, 502, 503].map((status) =>
    after(`POST, answered with ${status}`, "9111 §4.4", { changes: post, answer: { status }, nextFrom: "cache" }),
  ),
  after("POST of something else", "9111 §4.4", { changes: elsewhere, nextFrom: "cache" }),
  after("POST of another query", "9111 §4.4", { changes: { method: "POST", path: "/?other" }, nextFrom: "cache" }),
  after("POST to another host", "9111 §4.4", { changes: { method: "POST", host: "b.test" }, nextFrom: "cache" }),
  ...["Location", "Content-Location"].flatMap((name): CacheCase[] => [
    after(`${name} names it`, "9111 §4.4", {
      changes: elsewhere,
      answer: { status: 201, fields: [[name, "/"]] },
      nextFrom: "origin",
    }),
    after(`${name} names it in full`, "9111 §4.4", {
      changes: elsewhere,
      answer: { status: 201, fields: [[name, "http://a.test/"]] },
      nextFrom: "origin",
    }),
    after(`${name} names it with a fragment`, "9111 §4.4", {
      changes: elsewhere,
      answer: { status: 201, fields: [[name, "/#x"]] },
      nextFrom: "origin",
    }),
    after(`${name} names it relatively`, "9111 §4.4", {
      changes: elsewhere,
      answer: { status: 201, fields: [[name, "./"]] },
      nextFrom: "origin",
    }),
    after(`${name} names that of another host`, "9111 §4.4", {
      changes: elsewhere,
      answer: { status: 201, fields: [[name, "http://b.test/"]] },
      nextFrom: "cache",
    }),
    after(`${name} names that of another scheme`, "9111 §4.4", {
      changes: elsewhere,
      answer: { status: 201, fields: [[name, "https://a.test/"]] },
      nextFrom: "cache",
    }),
    after(`${name} names that of another port`, "9111 §4.4", {
      changes: elsewhere,
      answer: { status: 201, fields: [[name, "http://a.test:8080/"]] },
      nextFrom: "cache",
    }),
    after(`${name} names it with a port and in other letters`, "9111 §4.4", {
      changes: elsewhere,
      answer: { status: 201, fields: [[name, "HTTP://A.test:80/"]] },
      nextFrom: "origin",
    }),
    after(`${name} names nothing that could be read`, "9111 §4.4", {
      changes: elsewhere,
      answer: { status: 201, fields: [[name, "http://[/"]] },
      nextFrom: "cache",
    }),
    after(`${name} of an answer to GET names nothing`, "9111 §4.4", {
      changes: { path: "/elsewhere" },
      answer: { fields: [[name, "/"]] },
      nextFrom: "cache",
    }),
    after(`${name} of an error names nothing`, "9111 §4.4", {
      changes: elsewhere,
      answer: { status: 500, fields: [[name, "/"]] },
      nextFrom: "cache",
    }),
  ]),
  after("POST, for all that vary", "9111 §4.4", {
    stored: { fields: [["X", "1"]], tags: [["Vary", "X"]] },
    changes: post,
    nextFrom: "origin",
  }),
  {
    name: "what was changed does not stand in for an origin that fails",
    section: "9111 §4.4",
    steps: [
      { origin: { fields: [["Cache-Control", "max-age=60, stale-if-error=60"]] }, expected: { from: "origin" } },
      { asked: { method: "POST", body: "x" }, after: 1, expected: { from: "origin" } },
      { after: 1, origin: { breaks: "at once" }, expected: { from: "gateway", status: 502 } },
    ],
  },
  {
    name: "nor is it served to who takes what is stale",
    section: "9111 §4.4",
    steps: [
      { origin: { fields: fresh }, expected: { from: "origin" } },
      { asked: { method: "POST", body: "x" }, after: 1, expected: { from: "origin" } },
      { asked: { fields: [["Cache-Control", "max-stale"]] }, after: 1, expected: { from: "origin" } },
    ],
  },
  {
    name: "POST that nobody answers changes nothing that is known",
    section: "9111 §4.4",
    steps: [
      { origin: { fields: fresh }, expected: { from: "origin" } },
      {
        asked: { method: "POST", body: "x" },
        after: 1,
        origin: { breaks: "at once" },
        expected: { from: "gateway", status: 502 },
      },
      { after: 1, expected: { from: "cache", bodyOf: 0 } },
    ],
  },
  // Groups
  after("the last of as many groups as must be taken", "9875 §2", {
    stored: { tags: [["Cache-Groups", manyGroups.join(", ")]] },
    changes: elsewhere,
    answer: { fields: [["Cache-Group-Invalidation", manyGroups.toReversed().join(", ")]] },
    nextFrom: "origin",
  }),
  after("as many groups as must be taken, each alone", "9875 §3", {
    stored: { tags: [["Cache-Groups", manyGroups.at(-1)!]] },
    changes: elsewhere,
    answer: { fields: [["Cache-Group-Invalidation", manyGroups.join(", ")]] },
    nextFrom: "origin",
  }),
  after("a group behind many tags", "9875 §2", {
    stored: {
      tags: [["Cache-Tag", Array.from({ length: 300 }, (_, i) => `tag-${i}`).join()], ...groups],
    },
    changes: elsewhere,
    answer: { fields: [["Cache-Group-Invalidation", '"feed"']] },
    nextFrom: "origin",
  }),
  after("a tag of another field is no group", "9875 §2", {
    stored: { tags: [["Cache-Tag", "feed"]] },
    changes: elsewhere,
    answer: { fields: [["Cache-Group-Invalidation", '"feed"']] },
    nextFrom: "cache",
  }),
  after("groups in lines", "9651 §4.2", {
    stored: { tags: [["Cache-Groups", '"x"'], ...groups] },
    changes: elsewhere,
    answer: {
      fields: [
        ["Cache-Group-Invalidation", '"y"'],
        ["Cache-Group-Invalidation", '"feed"'],
      ],
    },
    nextFrom: "origin",
  }),
  after("a group that is made invalid", "9875 §3", {
    stored: { tags: groups },
    changes: elsewhere,
    answer: { fields: [["Cache-Group-Invalidation", '"feed"']] },
    nextFrom: "origin",
  }),
  after("one of several groups", "9875 §3", {
    stored: { tags: groups },
    changes: elsewhere,
    answer: { fields: [["Cache-Group-Invalidation", '"x", "articles"']] },
    nextFrom: "origin",
  }),
  after("another group", "9875 §3", {
    stored: { tags: groups },
    changes: elsewhere,
    answer: { fields: [["Cache-Group-Invalidation", '"x"']] },
    nextFrom: "cache",
  }),
  after("a group in other letters", "9875 §2", {
    stored: { tags: groups },
    changes: elsewhere,
    answer: { fields: [["Cache-Group-Invalidation", '"Feed"']] },
    nextFrom: "cache",
  }),
  after("the group of another host", "9875 §2", {
    stored: { tags: groups },
    changes: { ...elsewhere, host: "b.test" },
    answer: { fields: [["Cache-Group-Invalidation", '"feed"']] },
    nextFrom: "cache",
  }),
  after("a group, by an answer to GET", "9875 §3", {
    stored: { tags: groups },
    changes: { path: "/elsewhere" },
    answer: { fields: [["Cache-Group-Invalidation", '"feed"']] },
    nextFrom: "cache",
  }),
  after("a group, by an error", "9875 §3", {
    stored: { tags: groups },
    changes: elsewhere,
    answer: { status: 500, fields: [["Cache-Group-Invalidation", '"feed"']] },
    nextFrom: "cache",
  }),
  after("a group in a list that is invalid", "9651 §4.2", {
    stored: { tags: groups },
    changes: elsewhere,
    answer: { fields: [["Cache-Group-Invalidation", '"feed", "']] },
    nextFrom: "cache",
  }),
  after("a group that is a token is none", "9875 §2", {
    stored: { tags: [["Cache-Groups", "feed"]] },
    changes: elsewhere,
    answer: { fields: [["Cache-Group-Invalidation", '"feed"']] },
    nextFrom: "cache",
  }),
  after("a group with parameters", "9875 §2", {
    stored: { tags: [["Cache-Groups", '"feed";x=1']] },
    changes: elsewhere,
    answer: { fields: [["Cache-Group-Invalidation", '"feed";y']] },
    nextFrom: "origin",
  }),
];
