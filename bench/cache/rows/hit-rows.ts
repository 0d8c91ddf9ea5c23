import { join } from "node:path";
import { runHeadLoad } from "../../support/head-load.ts";
import { atLeast } from "../../support/target.ts";
import type { ContenderName } from "../contenders.ts";
import { hits, type Hits } from "../hits.ts";
import { etag, paths, sizedPath } from "../origin.ts";
import type { Row } from "../row.ts";

/** Each round of 64 connections, as many requests as the cache answers. */

const everybody: readonly ContenderName[] = [
  "nginx",
  "tenfold",
  "nginx, again",
  "nginx, same fields",
  "tenfold, full path",
  "varnish",
  "canned answer on a raw socket",
];
const besides: readonly ContenderName[] = ["nginx", "tenfold", "varnish", "canned answer on a raw socket"];

const hitSmall: Row = {
  name: "hit-small",
  title: "hit, small JSON",
  contenders: everybody,
  targets: [
    atLeast(1, { of: "tenfold", to: "nginx" }),
    atLeast(0.85, { of: "tenfold", to: "nginx", note: "the least acceptable" }),
    atLeast(1, { of: "tenfold", to: "nginx, same fields", note: "which adds what Tenfold adds" }),
  ],
  note: "nginx adds nothing to what it has stored; with the same fields as Tenfold (Via, X-Request-Id, Cache-Status) it stands beside.",
  measure: hits({ path: paths.small }),
};

const hit10k: Row = {
  name: "hit-10k",
  title: "hit, 10 KB",
  contenders: everybody,
  targets: [atLeast(0.9, { of: "tenfold", to: "nginx" })],
  measure: hits({ path: paths.kilobytes10 }),
};

const notModified: Row = {
  name: "not-modified",
  title: "hit, and the client has it: 304",
  contenders: everybody,
  targets: [atLeast(1, { of: "tenfold", to: "nginx" })],
  measure: hits({ path: paths.small, headers: { "If-None-Match": etag } }),
};

/** Rows that are there to be seen, with nothing wanted of them. */
function beside({ name, title, note }: Pick<Row, "name" | "title" | "note">, requests: Hits): Row {
  const said = note === undefined ? {} : { note };
  return { name, title, ...said, contenders: besides, targets: [], measure: hits(requests) };
}

const urls = 10_000;
const manyBytes = 70;

const manyUrls: Row = {
  name: "many-urls",
  title: "hits on 10,000 URLs, by Zipf's law",
  contenders: ["nginx", "tenfold", "varnish"],
  targets: [],
  measure: hits({
    path: sizedPath(manyBytes, 1),
    stored: Array.from({ length: urls }, (_, i) => sizedPath(manyBytes, i + 1)),
    script: [join(import.meta.dirname, "../wrk/zipf.lua"), `/sized/${manyBytes}`, String(urls), "1"],
  }),
};

const accessLog: Row = {
  name: "access-log",
  title: "hit, small JSON, with an access log",
  contenders: ["nginx", "nginx, access log", "tenfold", "tenfold, access log"],
  targets: [],
  measure: hits({ path: paths.small }),
};

const processes: Row = {
  name: "processes",
  title: "hit, small JSON, from 1 process and from 2 that share the port",
  contenders: ["tenfold", "tenfold, 2 processes", "tenfold, again"],
  targets: [],
  note: "Both processes have the one core that one process has alone.",
  measure: hits({ path: paths.small }),
};

export const hitRows: readonly Row[] = [
  hitSmall,
  hit10k,
  notModified,
  beside({ name: "hit-100k", title: "hit, 100 KB" }, { path: paths.kilobytes100 }),
  beside(
    {
      name: "head",
      title: "HEAD of a stored GET",
      note: "The load is a program in Node, and often the limit: the CPU time is what to compare.",
    },
    { path: paths.small, method: "HEAD", run: runHeadLoad },
  ),
  beside(
    { name: "range", title: "1 KB of a stored answer of 100 KB (Range)" },
    { path: paths.kilobytes100, headers: { Range: "bytes=50000-51023" } },
  ),
  beside(
    { name: "compressed", title: "hit, 10 KB that were compressed by the origin" },
    { path: paths.compressed, headers: { "Accept-Encoding": "gzip" } },
  ),
  manyUrls,
  accessLog,
  processes,
];
