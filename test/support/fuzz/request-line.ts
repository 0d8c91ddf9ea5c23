import fc from "fast-check";
import { limits } from "../wire/limits.ts";
import { mostly, pick } from "./pick.ts";

const method = pick(
  [80, "GET"],
  [60, "POST"],
  [20, "HEAD"],
  [10, "PUT"],
  [8, "DELETE"],
  [8, "OPTIONS"],
  [8, "PATCH"],
  [1, "TRACE"],
  [1, "CONNECT"],
  [1, "PROPFIND"],
  [1, "M-SEARCH"],
  [1, "QUERY"],
  [1, "PRI"],
  [1, "SOURCE"],
  [1, "get"],
  [1, "GETT"],
  [1, "G@T"],
  [1, "FOO"],
  [1, ""],
);

const plainTarget = pick([4, "/"], [4, "/a"], [4, "/a/b"], [3, "/a?b=c"], [2, "/a/?"], [1, "/%41"], [1, "/a;b=1"]);
/** What two servers may read in two ways, and what none should take. */
const oddTarget = fc.constantFrom(
  "/a/../b",
  "/a/./b",
  "/..",
  "/.",
  "/a/%2e%2e/b",
  "/a/.%2E/b",
  "/a%2fb",
  "/a%2Fb",
  "/a%5cb",
  "//a",
  "/a//b",
  "//a.test/b",
  "/a\\b",
  "/a%00",
  "/a%2",
  "/a%zz",
  "/a%",
  "/a#b",
  "/#",
  "/a\tb",
  "/a\x7f",
  "/a\xe4",
  "/a\0b",
  "/a\x01",
  "/a|b",
  "/a^b",
  "/a{b}",
  '/a"b',
  "/a<b>",
  "/?a=/../b",
  "/a?b=#c",
  "/a?b\xe4",
  "/a??",
  "/...",
  "/a/..;/b",
  "/a/%252e%252e/b",
  "/\xc0\xae",
  "/a b",
  "/a  HTTP/1.1",
  "/a HTTP/1.1",
  "*",
  "",
  "a",
  "?a",
  "/*",
  "**",
  "a.test:80",
  "a.test",
  "../a",
  "\\a",
  "%2fa",
  "http://a.test/a",
  "http://a.test",
  "http://a.test?b",
  "HTTP://A.TEST/a",
  "https://a.test/a",
  "http://b.test/a",
  "http://a.test:80/a",
  "http://u@a.test/a",
  "http:///a",
  "http:/a",
  "http:a",
  "ftp://a.test/a",
  "http://a.test/a/../b",
  "http://[::1]/a",
  "http://a.test\\a",
  "ws://a.test/",
  "//b.test/a",
);
const longTarget = fc
  .integer({ min: limits.maxTargetLength - 20, max: limits.maxTargetLength + 20 })
  .map((length) => `/${"t".repeat(length - 1)}`);

const target = fc.oneof(
  { weight: 70, arbitrary: plainTarget },
  { weight: 6, arbitrary: oddTarget },
  { weight: 1, arbitrary: longTarget },
);

const version = mostly(
  "HTTP/1.1",
  200,
  "HTTP/1.0",
  "HTTP/1.0",
  "HTTP/1.2",
  "HTTP/2.0",
  "HTTP/0.9",
  "HTTP/1.10",
  "HTTP/01.1",
  "http/1.1",
  "HTTP/1,1",
  "HTTP/1.",
  "HTTP/1",
  "HTTP",
  "HTTP/1.1 ",
  "XTTP/1.1",
  "HTTP/ 1.1",
  "",
);
const gap = mostly(" ", 150, "  ", "\t", "");
const before = mostly("", 150, "\r\n", "\r\n\r\n", "\n", " ", "\r", "\0", "\t");

/** Without its line's end. */
export const requestLine: fc.Arbitrary<{ readonly before: string; readonly method: string; readonly line: string }> = fc
  .tuple(before, method, gap, target, gap, version)
  .map(([before, method, first, target, second, version]) => ({
    before,
    method,
    line: method + first + target + second + version,
  }));
