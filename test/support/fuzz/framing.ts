import fc from "fast-check";
import { limits } from "../wire/limits.ts";
import { mostly, pick } from "./pick.ts";

/** The fields that say how long a body is, and the body: together or at odds. */
export interface FramedBody {
  readonly fields: readonly string[];
  readonly body: string;
}

const content = fc.oneof(
  {
    weight: 60,
    arbitrary: pick(
      [6, "hello"],
      [2, "h"],
      [2, "GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n"],
      [1, "0\r\n\r\n"],
      [1, "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n"],
      [1, "\r\n"],
      [1, "\0\xff\n"],
      [1, ""],
      [1, "y".repeat(3_000)],
    ),
  },
  // Around what is gathered before it is sent on, and around the limit.
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(65_535, 65_536, 65_537, limits.maxBodyBytes, limits.maxBodyBytes + 1)
      .map((n) => "z".repeat(n)),
  },
);

const none = fc.constant<FramedBody>({ fields: [], body: "" });

const exact = content.map((body): FramedBody => ({ fields: [`Content-Length: ${body.length}`], body }));

/** Shorter or longer than announced. */
const inexact = fc
  .tuple(content, fc.constantFrom(1, -1, 2, 7, -3, 1_000))
  .map(([body, more]): FramedBody => ({ fields: [`Content-Length: ${Math.max(0, body.length + more)}`], body }));

const lengthSpellings: readonly ((n: number) => readonly string[])[] = [
  (n) => [`content-length:${n}`],
  (n) => [`Content-Length: \t${n}\t `],
  (n) => [`Content-Length: 0${n}`],
  (n) => [`Content-Length: 00000000000000000000${n}`],
  (n) => [`Content-Length: +${n}`],
  (n) => [`Content-Length: -${n}`],
  (n) => [`Content-Length: ${n},${n}`],
  (n) => [`Content-Length: ${n}, ${n}`],
  (n) => [`Content-Length: ${n} ${n}`],
  (n) => [`Content-Length: 1 ${n}`],
  (n) => [`Content-Length: 0x${n.toString(16)}`],
  (n) => [`Content-Length: ${n}.0`],
  (n) => [`Content-Length: ${n}e0`],
  (n) => [`Content-Length: ${n};`],
  (n) => [`Content-Length: "${n}"`],
  (n) => [`Content-Length: ${n}\0`],
  (n) => [`Content-Length: ${n}\x0b`],
  (n) => [`Content-Length:\r\n ${n}`],
  (n) => [`Content-Length : ${n}`],
  (n) => [`Content-Length: ${n}`, `Content-Length: ${n}`],
  (n) => [`Content-Length: ${n}`, `content-length: ${n + 1}`],
  (n) => [`Content-Length: ${n}`, "Content-Length: 0"],
  (n) => [`Content-Length: ${n}`, "Content-Length:"],
  () => ["Content-Length:"],
  () => ["Content-Length: 0"],
  () => ["Content-Length: 18446744073709551616"],
  () => ["Content-Length: 9223372036854775808"],
  () => ["Content-Length: 4294967296"],
  () => ["Content-Length: 9007199254740993"],
  () => ["Content-Length: 999999999999999"],
  () => ["Content-Length: 1000000000000000"],
  () => ["Content-Length: \u00b2"],
];
const oddLength = fc
  .tuple(content, fc.constantFrom(...lengthSpellings))
  .map(([body, spell]): FramedBody => ({ fields: spell(body.length), body }));

const chunkLine = (size: number): fc.Arbitrary<string> => {
  const hex = size.toString(16);
  return mostly(
    `${hex}\r\n`,
    60,
    `${hex.toUpperCase()}\r\n`,
    `0${hex}\r\n`,
    `000000000000${hex}\r\n`,
    `${hex};a=b\r\n`,
    `${hex};a="b;c"\r\n`,
    `${hex};\r\n`,
    `${hex} ;a\r\n`,
    `${hex};a=\xe9\r\n`,
    `${hex};${"e".repeat(300)}\r\n`,
    `${hex};a\rb\r\n`,
    `${hex};a\nb\r\n`,
    `${hex};a\0\r\n`,
    `${hex}\n`,
    `${hex}\r`,
    `${hex} \r\n`,
    ` ${hex}\r\n`,
    `+${hex}\r\n`,
    `-${hex}\r\n`,
    `0x${hex}\r\n`,
    `${hex}g\r\n`,
    `${hex}h\r\n`,
    "\r\n",
    `fffffffffffffff${hex}\r\n`,
    `1000000000000000${hex}\r\n`,
    `${hex}_\r\n`,
    `${hex}\r\n\r\n`,
    `${hex}\x0b\r\n`,
    `${hex},\r\n`,
  );
};
const chunk = content
  .filter((data) => data.length < 10_000)
  .chain((data) =>
    fc.tuple(
      chunkLine(data.length),
      fc.constant(data),
      mostly("\r\n", 60, "\n", "\r", "", "x\r\n", " \r\n", "\r\n\r\n"),
    ),
  )
  .map((parts) => parts.join(""));
const lastChunk = fc
  .tuple(
    mostly("0\r\n", 60, "00\r\n", "0000000000000000000\r\n", "0;a=b\r\n", "0\n", "0 \r\n", "", "0\r\n0\r\n", "-0\r\n"),
    mostly(
      "",
      30,
      "X-T: 1\r\n",
      "x-t:1\r\nX-U: 2\r\n",
      "Content-Length: 5\r\n",
      "Transfer-Encoding: chunked\r\n",
      "Host: b.test\r\n",
      "X-T : 1\r\n",
      " X-T: 1\r\n",
      "X-T\r\n",
      "X-T: a\0\r\n",
      "X-T: a\n",
      `X-T: ${"t".repeat(3_000)}\r\n`,
    ),
    mostly("\r\n", 60, "\n", "\r", "", "\r\r\n"),
  )
  .map((parts) => parts.join(""));
const chunks = fc.tuple(fc.array(chunk, { maxLength: 3 }), lastChunk).map(([all, last]) => all.join("") + last);

const codings = mostly(
  ["Transfer-Encoding: chunked"],
  40,
  ["transfer-encoding:Chunked"],
  ["Transfer-Encoding: \tchunked "],
  ["Transfer-Encoding: xchunked"],
  ["Transfer-Encoding: chunked, identity"],
  ["Transfer-Encoding: identity, chunked"],
  ["Transfer-Encoding: identity"],
  ["Transfer-Encoding: gzip, chunked"],
  ["Transfer-Encoding: chunked, chunked"],
  ["Transfer-Encoding: ,chunked"],
  ["Transfer-Encoding: chunked,"],
  ['Transfer-Encoding: "chunked"'],
  ["Transfer-Encoding: chunked;q=1"],
  ["Transfer-Encoding: chunk"],
  ["Transfer-Encoding: chunkedd"],
  ["Transfer-Encoding: \x0bchunked"],
  ["Transfer-Encoding: chunked\0"],
  ["Transfer-Encoding: chunked\x0b"],
  ["Transfer-Encoding : chunked"],
  ["Transfer-Encoding\x0b: chunked"],
  [" Transfer-Encoding: chunked"],
  ["Transfer-Encoding:\r\n chunked"],
  ["Transfer-Encoding:\n chunked"],
  ["Transfer-Encoding:"],
  ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
  ["Transfer-Encoding: chunked", "Transfer-Encoding: x"],
  ["Transfer-Encoding: x", "transfer-encoding: chunked"],
  ["Transfer-Encoding: chunked", "Transfer-Encoding:"],
  ["Transfer-Encoding: identity", "Transfer-Encoding: chunked"],
  ["X: y\nTransfer-Encoding: chunked"],
  ["X: y\rTransfer-Encoding: chunked"],
);
const coded = fc.tuple(codings, chunks).map(([fields, body]): FramedBody => ({ fields, body }));

/** Both lengths, in either order, either of them true. */
const both = fc
  .tuple(codings, fc.oneof(chunks, content), fc.constantFrom(0, 4, 6, -1), fc.boolean())
  .map(([coding, body, length, isCodingFirst]): FramedBody => {
    const announced = [`Content-Length: ${length < 0 ? body.length : length}`];
    return { fields: isCodingFirst ? [...coding, ...announced] : [...announced, ...coding], body };
  });

export const framedBody: fc.Arbitrary<FramedBody> = fc.oneof(
  { weight: 24, arbitrary: none },
  { weight: 24, arbitrary: exact },
  { weight: 5, arbitrary: coded },
  { weight: 2, arbitrary: inexact },
  { weight: 2, arbitrary: oddLength },
  { weight: 1, arbitrary: both },
);
