import { limits } from "../support/wire/limits.ts";

/**
 * Every spelling known to make two servers read one stream of bytes as different requests, and what becomes of it, on either path, whole
 * or byte by byte. What a search finds that is not of this kind goes into counterexamples.ts.
 */
export interface DesyncCase {
  readonly name: string;
  /** latin1. */
  readonly bytes: string;
  readonly becomes: Outcome;
}

/**
 * - `refused`: answered with this status by the gateway itself, the connection closed, not a byte forwarded.
 * - `cut off`: the head was well, its body turned out not to be: at most the beginning of it is forwarded, and nothing behind it.
 * - `forwarded`: once, as this.
 */
export type Outcome = { readonly refused: number } | "cut off" | { readonly forwarded: ForwardedAs };

export interface ForwardedAs {
  readonly line: string;
  readonly body?: string;
  /** Field lines; names in lower case. */
  readonly has?: readonly string[];
  /** Lower-case text that must not be there. */
  readonly lacks?: readonly string[];
}

const host = "Host: a.test\r\n";
const chunked = "Transfer-Encoding: chunked\r\n";
const smuggled = `GET /smuggled HTTP/1.1\r\n${host}\r\n`;
const post = (fields: string, body = ""): string => `POST /a HTTP/1.1\r\n${host}${fields}\r\n${body}`;
const get = (fields: string): string => `GET /a HTTP/1.1\r\n${host}${fields}\r\n`;
const target = (text: string): string => `GET ${text} HTTP/1.1\r\n${host}\r\n`;

type Row = readonly [name: string, bytes: string];

/** Status → rows. */
const refused: Readonly<Record<number, readonly Row[]>> = {
  400: [
    ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["TE with identity behind chunked", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")],
    // Two lengths (RFC 9112 §6.1, §6.3).
    ["CL.TE", post(`Content-Length: 6\r\n${chunked}`, "0\r\n\r\nG")],
    ["TE.CL", post(`${chunked}Content-Length: 4\r\n`, "5c\r\nGPOST / HTTP/1.1\r\n\r\n0\r\n\r\n")],
    ["CL.0 with TE", post(`Content-Length: 0\r\n${chunked}`, `0\r\n\r\n${smuggled}`)],
    ["TE.TE, one unknown", post(`${chunked}Transfer-Encoding: x\r\n`, "0\r\n\r\n")],
    ["TE.TE, both chunked", post(`${chunked}${chunked}`, "0\r\n\r\n")],
    ["TE.TE, one empty", post(`${chunked}Transfer-Encoding:\r\n`, "0\r\n\r\n")],
    ["TE with a space before the colon", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")],
    ["TE with a tab before the colon", post("Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n")],
    ["TE after a vertical tab", post("Transfer-Encoding:\x0bchunked\r\n", "0\r\n\r\n")],
    ["TE with a NUL behind", post("Transfer-Encoding: chunked\0\r\n", "0\r\n\r\n")],
    ["TE folded", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")],
    ["TE on a folded line of another field", post("X: y\r\n Transfer-Encoding: chunked\r\n", "0\r\n\r\n")],
    ["TE behind a bare LF", post("X: y\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")],
    ["TE behind a bare CR", post("X: y\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n")],
    ["TE in HTTP/1.0", `POST / HTTP/1.0\r\n${host}${chunked}\r\n0\r\n\r\n`],
    ["CL twice, equal", post("Content-Length: 2\r\nContent-Length: 2\r\n", "ok")],
    ["CL twice, different", post("Content-Length: 2\r\nContent-Length: 3\r\n", "ok!")],
    ["CL twice, one zero", post("Content-Length: 0\r\ncontent-length: 2\r\n", "ok")],
    ["CL listed", post("Content-Length: 2, 2\r\n", "ok")],
    ["CL listed without a space", post("Content-Length: 2,2\r\n", "ok")],
    ["CL signed", post("Content-Length: +2\r\n", "ok")],
    ["CL negative", post("Content-Length: -2\r\n", "ok")],
    ["CL hexadecimal", post("Content-Length: 0x2\r\n", "ok")],
    ["CL with a fraction", post("Content-Length: 2.0\r\n", "ok")],
    ["CL with an exponent", post("Content-Length: 2e0\r\n", "ok")],
    ["CL quoted", post('Content-Length: "2"\r\n', "ok")],
    ["CL with a parameter", post("Content-Length: 2;x\r\n", "ok")],
    ["CL with a space inside", post("Content-Length: 1 2\r\n", "ok")],
    ["CL with a space before the colon", post("Content-Length : 2\r\n", "ok")],
    ["CL with a NUL behind", post("Content-Length: 2\0\r\n", "ok")],
    ["CL with a vertical tab behind", post("Content-Length: 2\x0b\r\n", "ok")],
    ["CL empty", post("Content-Length:\r\n")],
    ["CL folded", post("Content-Length:\r\n 2\r\n", "ok")],
    ["CL of other digits", post("Content-Length: \xb2\r\n", "ok")],
    ["CL beyond 64 bits", post("Content-Length: 99999999999999999999999\r\n")],
    ["CL of 2 to the 64th", post("Content-Length: 18446744073709551616\r\n")],
    ["CL of more digits than are read", post("Content-Length: 0000000000000002\r\n", "ok")],
    // Line ends (RFC 9112 §2.2).
    ["bare LF everywhere", "GET / HTTP/1.1\nHost: a.test\n\n"],
    ["bare LF after the request line", "GET / HTTP/1.1\nHost: a.test\r\n\r\n"],
    ["bare LF in the head", `GET / HTTP/1.1\r\nHost: a.test\nX: y\r\n\r\n`],
    ["bare LF for the empty line", `GET / HTTP/1.1\r\n${host}\n`],
    ["bare CR in a value", get("X: a\rb\r\n")],
    ["bare CR for a line's end", `GET / HTTP/1.1\r${host}\r\n`],
    ["CR CR LF", `GET / HTTP/1.1\r\n${host}X: a\r\r\n\r\n`],
    ["obs-fold", get("X: a\r\n b\r\n")],
    ["obs-fold with a tab", get("X: a\r\n\tb\r\n")],
    ["a space before the first field", `GET / HTTP/1.1\r\n ${host}\r\n`],
    // Names and values (RFC 9110 §5.1, §5.5).
    ["NUL in a value", get("X: a\0b\r\n")],
    ["NUL in a name", get("X\0: a\r\n")],
    ["DEL in a value", get("X: a\x7f\r\n")],
    ["a control byte in a value", get("X: a\x01b\r\n")],
    ["a space in a name", get("X Y: a\r\n")],
    ["a bracket in a name", get("X(: a\r\n")],
    ["obs-text in a name", get("X\xe9: a\r\n")],
    ["a byte order mark before a name", get("\xef\xbb\xbfX: a\r\n")],
    ["an empty name", get(": a\r\n")],
    ["a line without a colon", get("nonsense\r\n")],
    // Host (RFC 9112 §3.2).
    ["no Host", "GET / HTTP/1.1\r\n\r\n"],
    ["two Hosts", get("Host: b.test\r\n")],
    ["two equal Hosts", get(host)],
    ["an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"],
    ["a Host with a path", "GET / HTTP/1.1\r\nHost: a.test/x\r\n\r\n"],
    ["a Host with userinfo", "GET / HTTP/1.1\r\nHost: u@a.test\r\n\r\n"],
    ["a Host list", "GET / HTTP/1.1\r\nHost: a.test, b.test\r\n\r\n"],
    ["two Hosts in one, by a space", "GET / HTTP/1.1\r\nHost: a.test b.test\r\n\r\n"],
    ["a Host with a bad port", "GET / HTTP/1.1\r\nHost: a.test:80x\r\n\r\n"],
    ["a Host with half a bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"],
    ["a Host beyond ASCII", "GET / HTTP/1.1\r\nHost: \xe4.test\r\n\r\n"],
    // Targets (RFC 9112 §3.2, RFC 3986).
    ["no slash", target("x")],
    ["a fragment", target("/#x")],
    ["a space in the target", target("/a b")],
    ["a version in the target", target("/a HTTP/1.1")],
    ["a tab in the target", target("/a\tb")],
    ["a tab behind the method", `GET\t/ HTTP/1.1\r\n${host}\r\n`],
    ["a backslash", target("/a\\..\\b")],
    ["dot segments", target("/a/../b")],
    ["encoded dot segments", target("/a/%2e%2e/b")],
    ["half encoded dot segments", target("/a/.%2E/b")],
    ["an encoded NUL", target("/a%00")],
    ["half an encoding", target("/a%2")],
    ["bytes beyond ASCII", target("/\xe4")],
    ["DEL in the target", target("/a\x7f")],
    ["asterisk with GET", target("*")],
    ["userinfo in an absolute target", target("http://u@a.test/")],
    ["an absolute target without a host", target("http:///a")],
    ["another scheme", target("ftp://a.test/")],
    // Versions and methods.
    ["HTTP/1.2", `GET / HTTP/1.2\r\n${host}\r\n`],
    ["a version with two digits", `GET / HTTP/1.10\r\n${host}\r\n`],
    ["lower-case version", `GET / http/1.1\r\n${host}\r\n`],
    ["an unknown method", `G@T / HTTP/1.1\r\n${host}\r\n`],
    ["an unknown token for a method", `FOO / HTTP/1.1\r\n${host}\r\n`],
    ["lower-case method", `get / HTTP/1.1\r\n${host}\r\n`],
    ["a space before the method", ` GET / HTTP/1.1\r\n${host}\r\n`],
    ["TLS on the plain port", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  ],
  413: [["a body announced too large", post(`Content-Length: ${limits.maxBodyBytes + 1}\r\n`)]],
  414: [["a target too long", target(`/${"x".repeat(limits.maxTargetLength)}`)]],
  417: [["expecting something else", post("Expect: coffee\r\nContent-Length: 2\r\n", "ok")]],
  431: [
    ["a head too large", get(`X: ${"x".repeat(limits.maxHeadBytes)}\r\n`)],
    ["too many fields", get("X: y\r\n".repeat(limits.maxHeadBytes / 4))],
  ],
  501: [
    ["TE.TE, the unknown first", post(`Transfer-Encoding: x\r\n${chunked}`, "0\r\n\r\n")],
    ["TE with gzip before chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")],
    ["TE unknown", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")],
    ["TE quoted", post('Transfer-Encoding: "chunked"\r\n', "0\r\n\r\n")],
    ["CONNECT", `CONNECT a.test:443 HTTP/1.1\r\n${host}\r\n`],
  ],
  505: [
    ["no version", "GET /\r\n\r\n"],
    ["HTTP/2.0 in words", `GET / HTTP/2.0\r\n${host}\r\n`],
    ["HTTP/0.9 in words", `GET / HTTP/0.9\r\n${host}\r\n`],
  ],
};

/** Behind each comes a request that only a server which lost count would see. */
const cutOff: readonly Row[] = [
  ["a chunk size that is no number", "xyz\r\nabc\r\n0\r\n\r\n"],
  ["a signed chunk size", "+3\r\nabc\r\n0\r\n\r\n"],
  ["a negative chunk size", "-3\r\nabc\r\n0\r\n\r\n"],
  ["a chunk size with 0x", "0x3\r\nabc\r\n0\r\n\r\n"],
  ["a chunk size with an underscore", "1_0\r\nabc\r\n0\r\n\r\n"],
  ["a chunk size beyond counting", "fffffffffffffffff\r\nabc\r\n0\r\n\r\n"],
  ["a chunk size of 2 to the 64th and 3", "10000000000000003\r\nabc\r\n0\r\n\r\n"],
  ["an empty chunk size", "\r\nabc\r\n0\r\n\r\n"],
  ["a chunk longer than it says", "3\r\nabcdef\r\n0\r\n\r\n"],
  ["bare LF after a chunk size", "3\nabc\r\n0\r\n\r\n"],
  ["bare CR after a chunk size", "3\rabc\r\n0\r\n\r\n"],
  ["bare LF after a chunk", "3\r\nabc\n0\r\n\r\n"],
  ["bare LF after the last chunk", "3\r\nabc\r\n0\n\r\n"],
  ["a space before the chunk size", " 3\r\nabc\r\n0\r\n\r\n"],
  ["a space behind the chunk size", "3 \r\nabc\r\n0\r\n\r\n"],
  ["a chunk extension with a bare LF", "3;a=\nb\r\nabc\r\n0\r\n\r\n"],
  ["a chunk extension with a bare CR", "3;a=\rb\r\nabc\r\n0\r\n\r\n"],
  ["a chunk extension without an end", `3;${"x".repeat(20_000)}\r\nabc\r\n0\r\n\r\n`],
  ["a trailer with a space before the colon", "3\r\nabc\r\n0\r\nX : y\r\n\r\n"],
  ["a trailer with a NUL", "3\r\nabc\r\n0\r\nX: \0\r\n\r\n"],
];

const forwarded: readonly (readonly [name: string, bytes: string, as: ForwardedAs])[] = [
  ["CL with leading zeros", post("Content-Length: 002\r\n", "ok"), { line: "POST /a HTTP/1.1", body: "ok" }],
  ["CL among tabs", post("Content-Length: \t2\t \r\n", "ok"), { line: "POST /a HTTP/1.1", body: "ok" }],
  [
    "TE in capitals",
    post("TRANSFER-ENCODING: CHUNKED\r\n", "2\r\nok\r\n0\r\n\r\n"),
    { line: "POST /a HTTP/1.1", body: "ok" },
  ],
  [
    "CL under another name",
    post("Content_Length: 9\r\nContent-Length: 2\r\n", "ok"),
    { line: "POST /a HTTP/1.1", body: "ok", lacks: ["content_length"] },
  ],
  [
    "TE under another name",
    post("Transfer_Encoding: chunked\r\nContent-Length: 2\r\n", "ok"),
    { line: "POST /a HTTP/1.1", body: "ok", lacks: ["transfer_encoding", "chunked"] },
  ],
  [
    "CL listed in Connection",
    post("Connection: close, content-length\r\nContent-Length: 2\r\n", "ok"),
    { line: "POST /a HTTP/1.1", body: "ok" },
  ],
  [
    "a request within a body",
    post(`Content-Length: ${smuggled.length}\r\n`, smuggled),
    { line: "POST /a HTTP/1.1", body: smuggled },
  ],
  [
    "a request within a chunk",
    post(chunked, `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`),
    { line: "POST /a HTTP/1.1", body: smuggled },
  ],
  [
    "a chunk extension",
    post(chunked, '2;a=b;c="d"\r\nok\r\n0;e\r\n\r\n'),
    { line: "POST /a HTTP/1.1", body: "ok", lacks: ["a=b"] },
  ],
  ["a trailer", post(chunked, "2\r\nok\r\n0\r\nX-Smuggled: 1\r\n\r\n"), { line: "POST /a HTTP/1.1", body: "ok" }],
  ["empty lines before the request line", `\r\n\r\n${get("")}`, { line: "GET /a HTTP/1.1" }],
  ["two spaces in the request line", `GET  /a  HTTP/1.1\r\n${host}\r\n`, { line: "GET /a HTTP/1.1" }],
  [
    "an absolute target with another Host",
    `GET http://b.test/a HTTP/1.1\r\n${host}\r\n`,
    { line: "GET /a HTTP/1.1", has: ['host: ["b.test"]'], lacks: ["a.test"] },
  ],
  [
    "a name with an underscore",
    get("X_User: root\r\nX-User: me\r\n"),
    { line: "GET /a HTTP/1.1", has: ['x-user: ["me"]'], lacks: ["root"] },
  ],
  ["obs-text in a value", get("X: \xe4\r\n"), { line: "GET /a HTTP/1.1", has: ['x: ["\xe4"]'] }],
  ["a line's end in an encoding", get("X: %0d%0aX-Evil: 1\r\n"), { line: "GET /a HTTP/1.1", lacks: ['x-evil: ["'] }],
  ["HTTP/1.0", `GET /a HTTP/1.0\r\n${host}\r\n`, { line: "GET /a HTTP/1.1" }],
];

/** Fields where nobody looks for them. */
const trailers: readonly DesyncCase[] = [
  {
    name: "a Host in a trailer",
    bytes: post(chunked, "2\r\nok\r\n0\r\nHost: b.test\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n"),
    becomes: { forwarded: { line: "POST /a HTTP/1.1", body: "ok", lacks: ["b.test", "6.6.6.6"] } },
  },
];

export const desyncCases: readonly DesyncCase[] = [
  ...Object.entries(refused).flatMap(([status, rows]) =>
    rows.map(([name, bytes]): DesyncCase => ({ name, bytes, becomes: { refused: Number(status) } })),
  ),
  ...cutOff.map(([name, body]): DesyncCase => ({ name, bytes: post(chunked, body) + smuggled, becomes: "cut off" })),
  ...forwarded.map(([name, bytes, as]): DesyncCase => ({ name, bytes, becomes: { forwarded: as } })),
  ...trailers,
];
